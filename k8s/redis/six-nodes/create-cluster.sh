#!/bin/sh
# Makes one cluster of the nodes once; when there is one it does nothing. NODES is a list of host:port.
set -eu
export REDISCLI_AUTH="$REDIS_PASSWORD"
addresses=
for node in $NODES; do
  host=${node%:*} port=${node#*:}
  until [ "$(redis-cli -h "$host" -p "$port" ping 2>/dev/null)" = PONG ]; do sleep 1; done
  addresses="$addresses $(getent ahostsv4 "$host" | head -n 1 | cut -d' ' -f1):$port"
done
first=${NODES%% *}
state() { redis-cli -h "${first%:*}" -p "${first#*:}" cluster info | tr -d '\r' | grep '^cluster_state:'; }
if [ "$(redis-cli -h "${first%:*}" -p "${first#*:}" cluster nodes | wc -l)" -gt 1 ]; then
  echo 'there is a cluster'
else
  # shellcheck disable=SC2086 # a list of addresses
  redis-cli --cluster create $addresses --cluster-replicas 1 --cluster-yes
fi
until [ "$(state)" = cluster_state:ok ]; do sleep 1; done
echo 'the cluster is ok'
