#!/bin/sh
# Run by the postgres image once, when the database is made: who owns it, and whom replicas log in as. roles.sql has the services.
set -eu
psql --set=ON_ERROR_STOP=1 --username=postgres --dbname=comanda --set=password="$REPLICATION_PASSWORD" <<'SQL'
create role comanda login password 'comanda';
alter database comanda owner to comanda;
grant pg_monitor to comanda;
create extension pg_stat_statements;
create role replicator replication login password :'password';
SQL
echo 'host replication replicator all scram-sha-256' >>"$PGDATA/pg_hba.conf"
