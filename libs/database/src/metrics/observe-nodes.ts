import type { PrimaryNode } from '../nodes/primary.ts'
import type { ReplicaNode } from '../nodes/replica.ts'
import type { DatabaseMetrics } from './database-metrics.ts'

/** Publishes pool sizes, replica lag and the primary's timeline, read at every scrape. */
export function observeNodes(
  metrics: DatabaseMetrics,
  nodes: readonly [PrimaryNode, ...ReplicaNode[]],
): void {
  metrics.gauge({
    name: 'db_connection_pool_size',
    help: 'Connections to Postgres by node and state; waiting are requests without one',
    labels: ['node', 'state'],
    collect: (gauge) => {
      for (const { name: node, pool } of nodes) {
        for (const [state, count] of Object.entries(pool.size())) gauge.set({ node, state }, count)
      }
    },
  })
  metrics.gauge({
    name: 'db_replica_lag_seconds',
    help: 'How far a replica is behind the primary',
    labels: ['node'],
    collect: (gauge) => {
      for (const { name: node, lagMilliseconds } of nodes) {
        if (lagMilliseconds !== null) gauge.set({ node }, lagMilliseconds / 1000)
      }
    },
  })
  metrics.gauge({
    name: 'db_replica_in_rotation',
    help: '1 while a replica lags little enough to be read',
    labels: ['node'],
    collect: (gauge) => {
      const [, ...replicas] = nodes
      for (const { name: node, inRotation } of replicas) gauge.set({ node }, Number(inRotation))
    },
  })
  metrics.gauge({
    name: 'db_node_up',
    help: '1 while the last probe of a node succeeded',
    labels: ['node'],
    collect: (gauge) => {
      for (const { name: node, reachable } of nodes) gauge.set({ node }, Number(reachable))
    },
  })
  metrics.gauge({
    name: 'db_primary_timeline',
    help: 'Timeline of the server that takes writes: one more after every promotion, and the same for every process',
    labels: [],
    collect: (gauge) => {
      const [{ timeline }] = nodes
      if (timeline !== null) gauge.set({}, timeline)
    },
  })
}
