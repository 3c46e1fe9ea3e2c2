import { execFileSync } from 'node:child_process'
import { cpus, loadavg, totalmem } from 'node:os'
import type { Stack } from '@comanda/local-stack'
import pg from 'pg'

/** What ran it, without anything that says whose machine it is. */
export interface Machine {
  processor: string
  cores: number
  memoryGigabytes: number
  node: string
  postgres: string
  redis: string
  /** Processes that wanted to run, over the minute before the first measurement: others' work, if more than a few tenths. */
  loadBefore: number
}

export async function describeMachine(stack: Stack, loadBefore: number): Promise<Machine> {
  const admin = new pg.Client(stack.adminUrl)
  await admin.connect()
  const { rows } = await admin.query<{ server_version: string }>('show server_version')
  await admin.end()
  const redis = execFileSync('redis-server', ['--version'], { encoding: 'utf8' })
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    node: process.versions.node,
    postgres: rows[0]?.server_version ?? 'unknown',
    redis: /v=(\S+)/.exec(redis)?.[1] ?? 'unknown',
    loadBefore,
  }
}

/** The load average of the last minute, in tenths. */
export const recentLoad = () => Math.round((loadavg()[0] as number) * 10) / 10
