import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { logTail } from '../../../libs/local-stack/src/system/processes.ts'
import { type ClusterProgram, clusterProgram } from './programs.ts'

/** Processes that end with this one. */
export class Servers {
  readonly #directory: string
  readonly #running = new Map<string, ChildProcess>()

  /** @param directory of their logs */
  constructor(directory: string) {
    this.#directory = directory
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void this.stop().then(() => process.exit(1)))
    }
  }

  async start(name: ClusterProgram, args: string[]): Promise<void> {
    const log = openSync(this.#logOf(name), 'a')
    const child = spawn(clusterProgram(name), args, { stdio: ['ignore', log, log] })
    closeSync(log)
    await once(child, 'spawn')
    this.#running.set(name, child)
  }

  /** Until the address answers 200. @param authority path of the certificate to trust, once it exists */
  async waitFor(url: string, authority?: string): Promise<void> {
    for (let left = 600; !(await answers(url, authority)); left -= 1) {
      const [ended] = [...this.#running].find(([, { exitCode }]) => exitCode !== null) ?? []
      if (ended !== undefined) throw new Error(`${ended} has ended:\n${logTail(this.#logOf(ended))}`)
      if (left === 0) throw new Error(`${url} does not answer; the logs are in ${this.#directory}`)
      await sleep(100)
    }
  }

  /** The last one first. */
  async stop(): Promise<void> {
    for (const child of [...this.#running.values()].toReversed()) {
      if (child.exitCode !== null) continue
      const exit = once(child, 'exit')
      // Nothing of theirs is kept, and the API server would finish its watches for a minute.
      child.kill('SIGKILL')
      await exit
    }
    this.#running.clear()
  }

  #logOf(name: string): string {
    return join(this.#directory, `${name}.log`)
  }
}

function answers(url: string, authority?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const done = () => resolve(false)
    try {
      const asked = url.startsWith('https:')
        ? overHttps(url, { ca: readFileSync(authority ?? '') })
        : overHttp(url)
      asked.once('error', done)
      asked.once('response', (response) => {
        response.resume()
        resolve(response.statusCode === 200)
      })
      asked.end()
    } catch {
      // It has not written its certificate yet.
      done()
    }
  })
}
