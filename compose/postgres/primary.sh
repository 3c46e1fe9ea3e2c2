#!/bin/sh
# Run by the postgres image once, when the database is made: who owns it, the roles of the services, and whom replicas log in as.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres --dbname=comanda --set=password="$REPLICATION_PASSWORD" <<'SQL'
create role comanda login password 'comanda';
alter database comanda owner to comanda;
grant pg_monitor to comanda;
create role comanda_orders login password 'comanda_orders';
create role comanda_worker login password 'comanda_worker';
create role comanda_realtime login password 'comanda_realtime';
create role comanda_analytics login password 'comanda_analytics';
alter role comanda_analytics set default_transaction_read_only = on;
create extension pg_stat_statements;
create role replicator replication login password :'password';
SQL
echo 'host replication replicator all scram-sha-256' >>"$PGDATA/pg_hba.conf"
