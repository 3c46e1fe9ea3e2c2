import type { Stack } from '@comanda/local-stack'
import type pg from 'pg'
import { runOnServer, serverClient } from './server-client.ts'

/** What the statements of one request cost, on the primary and on the standby together. */
export interface StatementCost {
  /** Milliseconds in Postgres. */
  milliseconds: number
  /** Pages that were read, in memory or from the disk. */
  buffers: number
}

export interface StatementCosts {
  measure: (requests: number, work: () => Promise<void>) => Promise<StatementCost>
  close: () => Promise<void>
}

/** Reads pg_stat_statements of both servers, which no service may do. */
export async function openStatementCosts(stack: Stack): Promise<StatementCosts> {
  const servers = stack.postgres.servers.map((server) => serverClient(stack, server))
  const close = async () => void (await Promise.all(servers.map((server) => server.end())))
  try {
    for (const server of servers) await server.connect()
  } catch (error) {
    await close()
    throw error
  }
  const database = new URL(stack.primaryUrl).pathname.slice(1)

  async function read(server: pg.Client, requests: number): Promise<StatementCost> {
    // A statement that ran for fewer than half of the requests belongs to a timer.
    const { rows } = await server.query<StatementCost>(
      `select coalesce(sum(total_exec_time), 0)::float8 / $2 as milliseconds,
        coalesce(sum(shared_blks_hit + shared_blks_read), 0)::float8 / $2 as buffers
       from pg_stat_statements
       where dbid = (select oid from pg_database where datname = $1) and calls * 2 >= $2`,
      [database, requests],
    )
    return rows[0] as StatementCost
  }

  return {
    async measure(requests, work) {
      for (const server of servers) await server.query('select pg_stat_statements_reset()')
      await work()
      const costs = await Promise.all(servers.map((server) => read(server, requests)))
      return {
        milliseconds: costs.reduce((sum, cost) => sum + cost.milliseconds, 0),
        buffers: costs.reduce((sum, cost) => sum + cost.buffers, 0),
      }
    },
    close,
  }
}

/** Makes pg_stat_statements readable on all servers; to be called once, on the primary. */
export async function createStatementCosts(stack: Stack): Promise<void> {
  await runOnServer(stack, stack.postgres.primary, 'create extension if not exists pg_stat_statements')
}
