import { readFile, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '@comanda/local-stack'
import pg from 'pg'

export interface RecordedStatement {
  text: string
  values: (string | null)[]
}

const patienceMilliseconds = 5000

/**
 * Reads from Postgres' log which statements some work sent, so that pgbench runs the same SQL whatever that becomes.
 * @param marks for each unit of work, values by all of which its statements are known
 * @returns the statements of each unit, in the order of `marks`
 * @throws when a unit left none
 */
export async function recordStatements(
  { adminUrl, postgres }: Stack,
  marks: string[][],
  work: () => Promise<void>,
): Promise<RecordedStatement[][]> {
  const { logFile } = postgres.primary
  const { size } = await stat(logFile)
  await logStatements(adminUrl, work)
  for (const deadline = Date.now() + patienceMilliseconds; ; await sleep(100)) {
    const log = (await readFile(logFile)).subarray(size).toString()
    const recorded = parseLog(log)
    const units = marks.map((known) =>
      recorded.filter(({ values }) => known.every((mark) => values.includes(mark))),
    )
    if (units.every((statements) => statements.length > 0)) return units
    if (Date.now() > deadline) throw new Error(`a request left no statement in the log: ${log}`)
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
