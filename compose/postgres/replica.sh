#!/bin/sh
# Copies the primary once and follows it from then on; the container's name is that of its slot. The arguments are the command.
set -eu
export PGHOST=postgres PGUSER=replicator PGPASSWORD="$REPLICATION_PASSWORD"
slot=$(printf %s "$HOSTNAME" | tr - _)
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # One that was stopped half-way begins anew.
  rm -rf "$PGDATA.copy"
  mkdir -p "$(dirname "$PGDATA")"
  psql --quiet --dbname=postgres --set=ON_ERROR_STOP=1 --command="select pg_create_physical_replication_slot('$slot', true)
    where not exists (select from pg_replication_slots where slot_name = '$slot')"
  pg_basebackup --pgdata="$PGDATA.copy" --wal-method=stream --checkpoint=fast --slot="$slot" --write-recovery-conf
  chmod 0700 "$PGDATA.copy"
  rm -rf "$PGDATA"
  mv "$PGDATA.copy" "$PGDATA"
fi
exec "$@"
