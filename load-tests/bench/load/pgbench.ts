import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOrInstallProgram } from '@comanda/local-stack/testing'
import { quantile } from '../../measuring/quantiles.ts'
import type { LoadResult } from '../measuring/sample.ts'
import type { RecordedStatement } from './record-statements.ts'

export interface PgbenchLoad {
  /** The connection string of the database. */
  url: string
  /** Made by writeScript. */
  script: string
  connections: number
  seconds: number
  /** A directory that pgbench may write its log to. */
  directory: string
  /** What variables of the script are at first, for each connection. */
  variables?: Record<string, number>
}

export function findPgbench(say: (line: string) => void): Promise<string> {
  return findOrInstallProgram(
    {
      names: ['pgbench'],
      directories: [18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin`),
      packages: { brew: 'postgresql', 'apt-get': 'postgresql-contrib', dnf: 'postgresql-contrib' },
      missing:
        'make bench needs pgbench, which could not be installed from here: `apt-get install postgresql-contrib`.',
    },
    say,
  )
}

/** Statements of a script, and the value among theirs that is fresh each time: a random `:key`. */
export interface ScriptBranch {
  statements: RecordedStatement[]
  idempotencyKey?: string
}

/**
 * A script of which each transaction runs one branch, by `:branch`, which the lines of `choose` set. Values are those that were recorded.
 * @returns `file`
 */
export async function writeScript(
  file: string,
  branches: readonly ScriptBranch[],
  choose: readonly string[],
): Promise<string> {
  const texts = branches.map(({ idempotencyKey, statements }, index) => {
    const lines = statements.map(({ text, values }) => `${fillIn(text, values, idempotencyKey)};`)
    return `\\${index === 0 ? 'if' : 'elif'} :branch = ${index}\n${lines.join('\n')}`
  })
  await writeFile(file, [...choose, ...texts, '\\endif', ''].join('\n'))
  return file
}

function fillIn(text: string, values: (string | null)[], idempotencyKey?: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\$(\d+)/g, (_, number: string) => {
    const value = values[Number(number) - 1] ?? null
    if (value === null) return 'null'
    return value === idempotencyKey ? ':key' : `'${value.replaceAll("'", "''")}'`
  })
}

/** @throws with what pgbench said when a statement failed */
export async function runPgbench(program: string, load: PgbenchLoad): Promise<LoadResult> {
  const { url, script, connections, seconds, directory, variables = {} } = load
  const logs = join(directory, 'pgbench')
  await rm(logs, { recursive: true, force: true })
  await mkdir(logs)
  const many = ['-c', String(connections), '-j', '1', '-T', String(seconds)]
  const defined = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`])
  const args = ['-n', '-M', 'prepared', ...many, ...defined, '-l', '-f', script, url]
  const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: logs })
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
  if (!perSecond || /error|abort/i.test(stderr)) throw new Error(`pgbench failed: ${stdout}${stderr}`)
  const milliseconds = (await readLatencies(logs)).toSorted((a, b) => a - b)
  const at = (share: number) => quantile(milliseconds, share)
  const requests = milliseconds.length
  return { requests, seconds: requests / perSecond, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** The third column of its log: microseconds of each transaction. */
async function readLatencies(directory: string): Promise<number[]> {
  const texts = await Promise.all(
    (await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')),
  )
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]) / 1000),
  )
}
