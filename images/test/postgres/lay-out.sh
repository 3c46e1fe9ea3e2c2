#!/bin/sh
# Runs primary-and-replica.sh inside a Debian, as its user postgres. $1: the Debian; $2: where data goes; $3: the scripts of
# compose.yaml; then the command of its Postgres. Belongs into mount, network and process namespaces of its own.
set -eu
root=$1 data=$2 scripts=$3
shift 3
ip link set lo up
mount --bind "$data" "$root/var/lib/postgresql"
mount -t tmpfs tmpfs "$root/mnt"
mkdir "$root/mnt/compose" "$root/mnt/test"
mount --bind "$scripts" "$root/mnt/compose"
mount --bind "$(dirname "$0")" "$root/mnt/test"
mount -t tmpfs tmpfs "$root/run"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
echo '127.0.0.1 localhost postgres' >"$root/mnt/hosts"
mount --bind "$root/mnt/hosts" "$root/etc/hosts"
chroot "$root" install -d -o postgres -g postgres /var/lib/postgresql /run/postgresql
exec chroot --userspec=postgres:postgres "$root" sh /mnt/test/primary-and-replica.sh "$@"
