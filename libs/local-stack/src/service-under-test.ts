import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { patientEnvironment } from './patient-environment.ts'
import { asService } from './postgres/credentials.ts'

/** A service in a process of its own, which a test may break. */
export interface ServiceUnderTest {
  url: string
  metricsUrl: string
  child: ChildProcess
  /** Everything it has written so far. */
  output: () => string
  /** Sends a signal and waits for the end. */
  stop: (signal: NodeJS.Signals) => Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Less than a test runner waits, and many times what a busy machine needs. */
const mostMillisecondsToStart = 300_000

/** The processes that end with this one, also when it fails; only kill -9 leaves them. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a service's entry file with the environment of the test only, on free ports of the loopback, and resolves when it
 * listens, with time-outs that decide nothing on a busy machine. It logs in to the database as the service's own role where the
 * test gives it the owner's URL. The caller ends it: `stop('SIGKILL')` is safe to repeat.
 * @throws with its output when it ends before it listens, or does not within five minutes
 */
export async function startServiceUnderTest(
  entry: string,
  env: Record<string, string>,
): Promise<ServiceUnderTest> {
  const child = spawn(process.execPath, [entry], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      // What a test run preloads into its processes, to record how services answer.
      NODE_OPTIONS: process.env['NODE_OPTIONS'],
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      ...patientEnvironment,
      ...withOwnLogin(env, entry),
    },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = () => child.exitCode !== null || child.signalCode !== null

  let ports: RegExpExecArray | null = null
  const patience = AbortSignal.timeout(mostMillisecondsToStart)
  while (ports === null) {
    if (patience.aborted) throw new Error(`${entry} does not start: ${output}`)
    if (ended()) throw new Error(`${entry} did not start: ${output}`)
    await sleep(20)
    ports = /"port":(\d+),"metricsPort":(\d+)/.exec(output)
  }
  return {
    url: `http://127.0.0.1:${ports[1]}`,
    metricsUrl: `http://127.0.0.1:${ports[2]}`,
    child,
    output: () => output,
    async stop(signal) {
      if (!ended()) {
        child.kill(signal)
        await once(child, 'exit')
      }
      return { code: child.exitCode, signal: child.signalCode }
    },
  }
}

function withOwnLogin(env: Record<string, string>, entry: string): Record<string, string> {
  const service = /services\/([a-z-]+)\//.exec(entry)?.[1] ?? ''
  const own = { ...env }
  for (const name of ['DATABASE_URL', 'DATABASE_REPLICA_URLS'])
    if (env[name] !== undefined) own[name] = asService(env[name], service)
  return own
}
