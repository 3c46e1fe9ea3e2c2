import type { Stack } from '@comanda/local-stack'
import pg from 'pg'

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
  const servers = stack.postgres.servers.map(({ port }) => {
    const url = new URL(stack.adminUrl)
    url.port = String(port)
    return new pg.Client(url.href)
  })
  for (const server of servers) await server.connect()
  const database = new URL(stack.primaryUrl).pathname.slice(1)

  async function read(server: pg.Client, requests: number): Promise<StatementCost> {
    // What is asked for more rarely than every other request comes from a timer.
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
    async close() {
      for (const server of servers) await server.end()
    },
  }
}

/** Makes pg_stat_statements readable on all servers; to be called once, on the primary. */
export async function createStatementCosts({ adminUrl }: Stack): Promise<void> {
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  await admin.query('create extension if not exists pg_stat_statements')
  await admin.end()
}
