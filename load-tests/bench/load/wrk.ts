import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findOrInstallProgram } from '@comanda/local-stack/testing'
import { pinned } from '../cores.ts'
import type { LoadResult } from '../measuring/sample.ts'

export interface WrkLoad {
  url: string
  headers?: Record<string, string>
  /** Written by writeRequests; its paths replace the one of `url`. */
  requestsFile?: string
  connections: number
  seconds: number
  cores: string
}

export interface PlannedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  path: string
  token?: string
  body?: object
}

const script = (name: string) => join(import.meta.dirname, name)

export function findWrk(say: (line: string) => void): Promise<string> {
  return findOrInstallProgram(
    {
      names: ['wrk'],
      packages: { brew: 'wrk', 'apt-get': 'wrk' },
      missing: 'make bench needs wrk, which could not be installed from here: `apt-get install wrk`.',
    },
    say,
  )
}

/** Writes requests for requests.lua, one on a line. */
export async function writeRequests(file: string, requests: readonly PlannedRequest[]): Promise<string> {
  const lines = requests.map(({ method, path, token = '', body }) =>
    [method, path, token, body === undefined ? '' : JSON.stringify(body)].join('\t'),
  )
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

/**
 * Asks again as soon as it is answered, on every connection (a closed loop), from one thread.
 * @throws when anything was refused (400 and above) or broke: refusals are cheap and would look like speed
 */
export async function runWrk(program: string, load: WrkLoad): Promise<LoadResult> {
  const { url, headers = {}, requestsFile, connections, seconds, cores } = load
  const loop = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '10s']
  const head = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const requests = requestsFile
    ? ['-s', script('requests.lua'), url, '--', requestsFile, randomUUID()]
    : ['-s', script('report.lua'), url]
  const args = [...loop, ...head, ...requests]
  const { stdout } = await promisify(execFile)(...pinned(cores, program, args))
  const line = /^RESULT (.*)$/m.exec(stdout)?.[1]
  if (line === undefined) throw new Error(`wrk said nothing that is understood: ${stdout}`)
  const result = JSON.parse(line) as LoadResult & { refused: number; broken: number }
  const { refused, broken, ...measured } = result
  if (refused + broken > 0 || measured.requests === 0)
    throw new Error(`${url}: of ${measured.requests} requests ${refused} were refused and ${broken} broke`)
  return measured
}
