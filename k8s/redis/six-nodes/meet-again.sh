#!/bin/sh
# Runs in every node after its start and announces its address to the others, which is new after a restart. When all six restart at
# once, no address in any nodes.conf is true any more, and this is how they find one another.
set -u
export REDISCLI_AUTH="$REDIS_PASSWORD"
# A node that was never part of a cluster is create-cluster.sh's.
until redis-cli ping >/dev/null 2>&1; do sleep 1; done
[ "$(redis-cli cluster nodes | wc -l)" -gt 1 ] || exit 0
for number in 0 1 2 3 4 5; do
  address=$(getent hosts "comanda-redis-$number.comanda-redis" | cut -d' ' -f1)
  [ -z "$address" ] || redis-cli cluster meet "$address" 6379 >/dev/null
done
exit 0
