import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { pinned } from '../cores.ts'

/** A server that is measured, alone on its core. */
export interface MeasuredServer {
  name: string
  url: string
  /** Null: it has none. */
  metricsUrl: string | null
  pid: number
  child: ChildProcess
  /** The end of its output, for when something fails. */
  lastOutput: () => string
}

/**
 * Starts a Node program that logs `"port":n` when it listens. Its log goes into a pipe that is read and forgotten, as a
 * container's is: writing it is part of what a request costs.
 * @throws with its output when it ends before it listens
 */
export async function startServerProcess(
  name: string,
  entry: string,
  cores: string,
  env: Record<string, string>,
): Promise<MeasuredServer> {
  const child = spawn(...pinned(cores, process.execPath, [entry]), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Nothing of ours: NODE_OPTIONS of a test run would be measured too.
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', METRICS_PORT: '0', ...env },
  })
  let output = ''
  let last: Buffer = Buffer.alloc(0)
  let ports: RegExpExecArray | null = null
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      last = chunk
      if (ports === null) output += chunk.toString()
    })
  }
  while (ports === null) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} did not start: ${output}`)
    await sleep(20)
    ports = /"port":(\d+)(?:,"metricsPort":(\d+))?/.exec(output)
  }
  return {
    name,
    url: `http://127.0.0.1:${ports[1]}`,
    metricsUrl: ports[2] ? `http://127.0.0.1:${ports[2]}/metrics` : null,
    pid: child.pid as number,
    child,
    lastOutput: () => last.subarray(-4000).toString(),
  }
}
