import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimPort } from '../system/ports.ts'
import { endProcess, isOurProcess, logTail, spawnDetached } from '../system/processes.ts'
import { type ServiceDefinition, serviceUrl } from './services.ts'

/** Kept beside the stack, so that a later command finds what an earlier one has started. */
interface RunRecord {
  pid: number
  /** The fingerprint of the code and environment that it was started with. */
  fingerprint: string
}

/** An argument that the service ignores; it distinguishes the process from one that was started by hand in the same folder. */
const stackArgument = (stackDirectory: string) => `--stack=${stackDirectory}`
const mark = (stackDirectory: string, service: ServiceDefinition) => ({
  directory: service.directory,
  program: `${service.entry} ${stackArgument(stackDirectory)}`,
})
const recordFile = (stackDirectory: string, service: ServiceDefinition) =>
  join(stackDirectory, 'run', `${service.name}.json`)
/** The path of a service's log file. */
export const serviceLog = (stackDirectory: string, service: ServiceDefinition) =>
  join(stackDirectory, 'logs', `${service.name}.log`)

/** The record of a service that is running now; null otherwise. */
export function runningRecord(stackDirectory: string, service: ServiceDefinition): RunRecord | null {
  try {
    const record = JSON.parse(readFileSync(recordFile(stackDirectory, service), 'utf8')) as RunRecord
    return isOurProcess(record.pid, mark(stackDirectory, service)) ? record : null
  } catch {
    return null
  }
}

/**
 * Starts a service as a process that outlives this one, and records it. `waitUntilReady` says whether it becomes ready.
 * @param fingerprint of the code and `env`, kept with the record
 * @throws PortTaken, or Error when the process cannot be started
 */
export async function startService(
  stackDirectory: string,
  service: ServiceDefinition,
  env: NodeJS.ProcessEnv,
  fingerprint: string,
): Promise<void> {
  const remedy = `stop it, or move this service with ${service.name.toUpperCase()}_PORT=${service.port + 1000}.`
  await claimPort({ port: service.port, purpose: service.name, remedy, mark: mark(stackDirectory, service) })
  const logFile = serviceLog(stackDirectory, service)
  const file = recordFile(stackDirectory, service)
  mkdirSync(dirname(logFile), { recursive: true })
  mkdirSync(dirname(file), { recursive: true })
  setAsideLongLog(logFile)
  const args = [service.entry, stackArgument(stackDirectory)]
  const pid = spawnDetached({ command: process.execPath, args, directory: service.directory, logFile, env })
  writeFileSync(file, JSON.stringify({ pid, fingerprint } satisfies RunRecord))
}

function setAsideLongLog(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > 20_000_000) renameSync(logFile, `${logFile}.previous`)
}

/** Sends SIGTERM, and SIGKILL when the service has not drained within 12 s. Returns false when it did not run. */
export async function stopService(stackDirectory: string, service: ServiceDefinition): Promise<boolean> {
  const record = runningRecord(stackDirectory, service)
  const ended = await endProcess(record?.pid ?? null, mark(stackDirectory, service), 'SIGTERM', 12_000)
  rmSync(recordFile(stackDirectory, service), { force: true })
  return ended
}

/** Whether the service answers its health check with 200 within a second. */
export async function isReady(service: ServiceDefinition): Promise<boolean> {
  try {
    const answer = await fetch(serviceUrl(service) + service.health, { signal: AbortSignal.timeout(1_000) })
    await answer.body?.cancel()
    return answer.status === 200
  } catch {
    return false
  }
}

/** Polls until the service is ready. @throws Error with the end of its log when it ends, or is not ready within a minute */
export async function waitUntilReady(stackDirectory: string, service: ServiceDefinition): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!(await isReady(service))) {
    const running = runningRecord(stackDirectory, service) !== null
    if (!running || Date.now() > deadline) {
      const log = serviceLog(stackDirectory, service)
      const what = running ? 'is not ready after a minute' : 'has ended'
      throw new Error(`${service.name} ${what}. The end of ${log}:\n${logTail(log, 20)}`)
    }
    await sleep(100)
  }
}
