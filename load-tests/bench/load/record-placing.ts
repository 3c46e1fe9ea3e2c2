import { readFile, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Bench } from '../bench-stack.ts'

/** What orders sent to Postgres for one order. */
export interface RecordedPlacing {
  idempotencyKey: string
  statements: { text: string; values: (string | null)[] }[]
}

const keyOf = (index: number) => `recorded-${index}`
const patienceMilliseconds = 5000

/**
 * Places one order per customer and reads from Postgres' log the statements that placed them, so that pgbench runs the
 * same SQL whatever that becomes.
 * @throws when an order is refused, or its statement does not show up
 */
export async function recordPlacing(bench: Bench): Promise<RecordedPlacing[]> {
  const { stack, campus, orders } = bench
  const { logFile } = stack.postgres.primary
  const { size } = await stat(logFile)
  const placed = await logStatements(stack.adminUrl, async () => {
    for (const [index, { path, token, body }] of campus.orders.entries()) {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': keyOf(index),
      }
      const response = await fetch(orders.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      if (response.status !== 201) throw new Error(`an order was refused: ${await response.text()}`)
    }
    return campus.orders.length
  })
  for (const deadline = Date.now() + patienceMilliseconds; ; await sleep(100)) {
    const log = (await readFile(logFile)).subarray(size).toString()
    const recorded = parseLog(log)
    const placings = Array.from({ length: placed }, (_, index): RecordedPlacing => {
      const idempotencyKey = keyOf(index)
      return {
        idempotencyKey,
        statements: recorded.filter(({ values }) => values.includes(idempotencyKey)),
      }
    })
    if (placings.every(({ statements }) => statements.length > 0)) return placings
    if (Date.now() > deadline) throw new Error(`placing an order left no statement in the log: ${log}`)
  }
}

async function logStatements<T>(adminUrl: string, work: () => Promise<T>): Promise<T> {
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  const set = async (what: string) => {
    await admin.query(`alter system set log_statement = '${what}'`)
    await admin.query('select pg_reload_conf()')
    // Backends read their configuration when they are next asked for something.
    await sleep(100)
  }
  try {
    await set('all')
    return await work()
  } finally {
    await set('none')
    await admin.end()
  }
}

/** Statements with parameters, in the order of the log. Further lines of a message begin with a tab. */
export function parseLog(log: string): { text: string; values: (string | null)[] }[] {
  const messages = log.split(/\n(?!\t)/)
  return messages.flatMap((message, index) => {
    const text = /LOG: {2}execute [^:]+: (.*)$/s.exec(message)?.[1]
    const parameters = /DETAIL: {2}[Pp]arameters: (.*)$/s.exec(messages[index + 1] ?? '')?.[1]
    if (text === undefined || parameters === undefined) return []
    return [{ text: text.replaceAll('\n\t', '\n'), values: parseParameters(parameters) }]
  })
}

function parseParameters(text: string): (string | null)[] {
  return Array.from(text.matchAll(/\$\d+ = (?:NULL|'((?:[^']|'')*)')/g), ([, value]) =>
    value === undefined ? null : value.replaceAll("''", "'"),
  )
}
