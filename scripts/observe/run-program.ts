import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RunningProgram {
  stop: () => Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a program that ends with this process, and resolves when its address answers anything.
 * @throws with what it wrote when it ends before, or does not answer within five minutes
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { answers, directory, env = {} }: { answers: string; directory: string; env?: Record<string, string> },
): Promise<RunningProgram> {
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-10_000)))
  const ended = () => child.exitCode !== null || child.signalCode !== null
  const patience = AbortSignal.timeout(300_000)
  while (!(await isAnswering(answers))) {
    if (ended()) throw new Error(`${program} has ended: ${output}`)
    if (patience.aborted) throw new Error(`${program} does not answer at ${answers}: ${output}`)
    await sleep(100)
  }
  return {
    async stop() {
      if (ended()) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function isAnswering(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
