import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './dashboard.ts'
import { lines, values } from './panels.ts'
import { chosenNamespace, chosenServices, largestTen, perSecond, quantile, rate } from './queries.ts'

const statements = `db_query_duration_seconds`
const ownDatabases = `${chosenNamespace}, datname!~"template.*|postgres"`

/** What postgres_exporter measures, or, where there is none of it, CloudNativePG under another name. */
const either = (query: (prefix: string) => string) => `${query('pg_')} or ${query('cnpg_pg_')}`
const growth = (counter: string) =>
  either((prefix) => `sum by (instance) (${rate(`${prefix}${counter}{${ownDatabases}}`)})`)

export const database = dashboard({
  name: 'database',
  title: 'database',
  description: 'Postgres as the services see it, its standbys, and what its own servers measure.',
  rows: [
    {
      title: 'At a glance',
      panels: [
        values({
          title: 'Primary',
          description:
            '1 while every service reaches the server that takes writes. DatabaseDown fires when none does.',
          unit: units.Short,
          queries: { primary: `min(db_node_up{${chosenNamespace}, node="primary"})` },
          limits: { red: 1 },
          lowIsBad: true,
        }),
        values({
          title: 'Statements, p95',
          description: '95% of statements take at most so long. DatabaseSlow fires at 100 ms.',
          unit: units.Seconds,
          queries: { p95: `db:query_time:p95_5m{${chosenNamespace}}` },
          limits: { yellow: 0.05, red: 0.1 },
        }),
        values({
          title: 'Free connections',
          description:
            'Connections that the fullest server still takes. DatabaseConnectionsLow fires below 5.',
          unit: units.Short,
          queries: { free: `min(db:connections:free{${chosenNamespace}})` },
          limits: { yellow: 20, red: 5 },
          lowIsBad: true,
        }),
        values({
          title: 'Requests without a connection',
          description:
            'Requests that wait for a connection of their pool. DatabasePoolWaiting fires after five minutes.',
          unit: units.Short,
          queries: { waiting: `sum(db_connection_pool_size{${chosenServices}, state="waiting"})` },
          limits: { yellow: 1, red: 10 },
        }),
        values({
          title: 'Standby lag',
          description: 'How far the slowest standby is behind. ReplicaLagging fires at 5 s.',
          unit: units.Seconds,
          queries: { lag: `max(db_replica_lag_seconds{${chosenNamespace}})` },
          limits: { yellow: 1, red: 5 },
        }),
        values({
          title: 'Timeline',
          description: 'Grows by one with each promotion of a standby.',
          unit: units.Short,
          queries: { timeline: `max(db_primary_timeline{${chosenNamespace}})` },
        }),
      ],
    },
    {
      title: 'What the services ask',
      panels: [
        lines({
          title: 'Statements',
          description: 'Statements a second by their first keyword.',
          unit: units.OpsPerSecond,
          queries: { '{{query_type}}': perSecond(`${statements}_count{${chosenServices}}`, 'query_type') },
          stacked: true,
        }),
        lines({
          title: 'Time of statements',
          description: 'Half, 95% and 99% of statements take at most so long, with the way there and back.',
          unit: units.Seconds,
          queries: {
            p50: quantile(0.5, statements, chosenServices),
            p95: quantile(0.95, statements, chosenServices),
            p99: quantile(0.99, statements, chosenServices),
          },
          limits: { red: 0.1 },
        }),
        lines({
          title: 'Time of statements by table, p95',
          description: 'The ten slowest kinds of statements, by first keyword and first table.',
          unit: units.Seconds,
          queries: {
            '{{query_type}} {{table}}': largestTen(
              quantile(0.95, statements, chosenServices, 'query_type', 'table'),
            ),
          },
        }),
        lines({
          title: 'Time that Postgres is busy with, by table',
          description: 'Seconds of statements that run in each second: the ten tables that take most.',
          unit: units.Short,
          queries: {
            '{{query_type}} {{table}}': largestTen(
              perSecond(`${statements}_sum{${chosenServices}}`, 'query_type', 'table'),
            ),
          },
          stacked: true,
        }),
        lines({
          title: 'Connections of the pools',
          description:
            'Connections of the services by server and state. Waiting are requests, not connections.',
          unit: units.Short,
          queries: {
            '{{node}} {{state}}': `sum by (node, state) (db_connection_pool_size{${chosenServices}})`,
          },
        }),
        lines({
          title: 'Standbys',
          description: 'How far each standby is behind the primary, as the service that sees it latest does.',
          unit: units.Seconds,
          queries: { '{{node}}': `max by (node) (db_replica_lag_seconds{${chosenNamespace}})` },
          limits: { red: 5 },
        }),
        lines({
          title: 'Standbys that are read',
          description:
            '1 while every service reads from the standby, 0 while one leaves it out because it lags or is away.',
          unit: units.Short,
          queries: { '{{node}}': `min by (node) (db_replica_in_rotation{${chosenNamespace}})` },
          max: 1,
        }),
      ],
    },
    {
      title: 'Servers',
      panels: [
        lines({
          title: 'Connections by state',
          description: 'Sessions of each server. “idle in transaction” holds locks and keeps dead rows.',
          unit: units.Short,
          queries: {
            '{{instance}} {{state}}': `sum by (instance, state) (pg_stat_activity_count{${chosenNamespace}}) or sum by (instance, state) (cnpg_backends_total{${chosenNamespace}})`,
          },
        }),
        lines({
          title: 'Transactions',
          description: 'Transactions a second of each server that are committed, and that are rolled back.',
          unit: units.OpsPerSecond,
          queries: {
            '{{instance}} committed': growth('stat_database_xact_commit'),
            '{{instance}} rolled back': growth('stat_database_xact_rollback'),
          },
        }),
        lines({
          title: 'Longest transaction',
          description: 'Age of the oldest open transaction. It keeps dead rows from being cleaned away.',
          unit: units.Seconds,
          queries: {
            '{{instance}}': `max by (instance) (pg_stat_activity_max_tx_duration{${chosenNamespace}}) or max by (instance) (cnpg_backends_max_tx_duration_seconds{${chosenNamespace}})`,
          },
        }),
        lines({
          title: 'Locks by mode',
          description:
            'Locks that are held or waited for. AccessExclusiveLock keeps everybody else from a table.',
          unit: units.Short,
          queries: {
            '{{instance}} {{mode}}': either(
              (prefix) => `sum by (instance, mode) (${prefix}locks_count{${ownDatabases}})`,
            ),
          },
        }),
        lines({
          title: 'Deadlocks',
          description:
            'Deadlocks a second that Postgres had to break. Anything above zero for long is a fault of ours.',
          unit: units.CountsPerSecond,
          queries: { '{{instance}}': growth('stat_database_deadlocks') },
        }),
        lines({
          title: 'Pages found in memory',
          description:
            'Share of pages that Postgres finds in its own memory. Below 99% for long it wants more of it.',
          unit: units.PercentUnit,
          queries: {
            '{{instance}}': `(${growth('stat_database_blks_hit')}) / ((${growth('stat_database_blks_hit')}) + (${growth('stat_database_blks_read')}))`,
          },
          max: 1,
        }),
        lines({
          title: 'Rows',
          description: 'Rows a second that are read by index, and that are added, changed and removed.',
          unit: units.OpsPerSecond,
          queries: {
            '{{instance}} read': growth('stat_database_tup_fetched'),
            '{{instance}} inserted': growth('stat_database_tup_inserted'),
            '{{instance}} updated': growth('stat_database_tup_updated'),
            '{{instance}} deleted': growth('stat_database_tup_deleted'),
          },
        }),
        lines({
          title: 'Size',
          description: 'Bytes of each database on disk, its indexes included.',
          unit: units.BytesIEC,
          queries: {
            '{{instance}} {{datname}}': either(
              (prefix) => `sum by (instance, datname) (${prefix}database_size_bytes{${ownDatabases}})`,
            ),
          },
        }),
      ],
    },
  ],
})
