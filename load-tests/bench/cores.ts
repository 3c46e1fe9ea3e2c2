import { execFileSync } from 'node:child_process'

/** Lists of processors, as taskset wants them. */
export interface Cores {
  /** The core of the server that is measured. */
  server: string
  /** The core of the load generator, Postgres and Redis. */
  load: string
  /** Where everybody has both. */
  all: string
}

/** Two processors that we may run on, the same one twice when there is no second. More are left idle, so that machines compare. */
export function findCores(): Cores {
  const allowed = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' })
  const list = (allowed.split(':').at(-1) as string).trim().split(',')
  const numbers = list.flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number) as [number, number?]
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
  const [server, load = server] = numbers.map(String) as [string, string?]
  return { server, load, all: [...new Set([server, load])].join(',') }
}

/** Moves running processes, with all their threads. What they start later follows. */
export function pin(pids: readonly number[], cores: string): void {
  for (const pid of pids) {
    try {
      execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' })
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** A command line that starts a program where it belongs. */
export function pinned(cores: string, program: string, args: readonly string[]): [string, string[]] {
  return ['taskset', ['-c', cores, program, ...args]]
}
