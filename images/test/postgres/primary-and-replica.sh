#!/bin/sh
# Starts a primary and a replica as compose.yaml does, and prints what the test wants to know. The arguments are the command of
# both; they share an address here, hence the replica's port.
set -eu
cd /var/lib/postgresql
trap 'for name in primary replica; do pg_ctl -D $name -m immediate stop; done >/dev/null 2>&1' EXIT
ask() { echo "$1: $(psql --no-align --tuples-only --port="$2" --command="$3")"; }
# $1: a port; $2: its process; $3: its log, which is shown when the process ends instead.
wait_for() {
  until pg_isready --quiet --host=127.0.0.1 --port="$1"; do
    kill -0 "$2" || { cat "$3" >&2 && exit 1; }
    sleep 0.1
  done
}

# What the image does with a folder that is empty, primary.sh included.
export PGDATA=/var/lib/postgresql/primary
echo "$POSTGRES_PASSWORD" >password
# shellcheck disable=SC2086 # a list
initdb --username=postgres --pwfile=password $POSTGRES_INITDB_ARGS >/dev/null
echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
pg_ctl -w -o '-c listen_addresses=' start >/dev/null
createdb --username=postgres "$POSTGRES_DB"
sh /mnt/compose/primary.sh >/dev/null
pg_ctl -w stop >/dev/null

"$@" >primary.log 2>&1 &
wait_for 5432 $! primary.log
# At every start, so a second time too.
for _ in first again; do
  PGPASSWORD=$POSTGRES_PASSWORD psql --quiet --host=127.0.0.1 --username=postgres --dbname="$POSTGRES_DB" --set=ON_ERROR_STOP=1 \
    --file=/mnt/compose/roles.sql
done
start_replica() { PGDATA=$PWD/replica HOSTNAME=postgres-catalogue sh /mnt/compose/replica.sh "$@" --port=5433; }
start_replica "$@" >replica.log 2>&1 &
wait_for 5433 $! replica.log

export PGHOST=127.0.0.1 PGUSER=comanda PGPASSWORD=comanda PGDATABASE=comanda
ask owner 5432 'select pg_get_userbyid(datdba) from pg_database where datname = current_database()'
echo "service: $(PGUSER=comanda_orders PGPASSWORD=comanda_orders psql --no-align --tuples-only --port=5432 --command='select current_user')"
ask superuser 5432 'select rolsuper from pg_roles where rolname = current_user'
ask slot 5432 'select slot_name, active from pg_replication_slots'
psql --quiet --port=5432 --command="create table kept as select 'a row' as said"
position=$(psql --no-align --tuples-only --port=5432 --command='select pg_current_wal_lsn()')
caught_up="select pg_last_wal_replay_lsn() >= '$position'"
until [ "$(psql --no-align --tuples-only --port=5433 --command="$caught_up")" = t ]; do sleep 0.1; done
ask replica 5433 'select pg_is_in_recovery(), said from kept'
ask statements 5433 'select count(*) > 0 from pg_stat_statements'

PGDATA=$PWD/replica pg_ctl -w stop >/dev/null
touch replica/not-copied-again
start_replica "$@" >>replica.log 2>&1 &
wait_for 5433 $! replica.log
ask restarted 5433 'select pg_is_in_recovery()'
echo "files: $(ls replica/not-copied-again)"
