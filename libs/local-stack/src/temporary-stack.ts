import { spawn } from 'node:child_process'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresSettings } from './postgres/settings.ts'
import { type Say, saySilently } from './progress.ts'
import { type Stack, startStack } from './stack.ts'
import { removeTree } from './system/files.ts'
import { memoryDirectory } from './system/memory-directory.ts'
import { findFreePorts } from './system/ports.ts'

export interface TemporaryStackOptions {
  /** Left out: no Postgres. */
  postgres?: { standbys: number; settings?: PostgresSettings }
  /** Left out: no Redis. */
  redis?: boolean
  /** Whether data is on a disk and commits wait for it, for measurements. Default: in memory where there is room, no fsync. */
  durable?: boolean
  say?: Say
}

/** Keeps the ports of the bus, too, below those that kernels choose. */
const busOffset = 10_000

/**
 * A stack for one test, on free ports and in a directory of its own, that may be broken at will. `stop()` removes
 * it; it also ends when this process does, however that happens.
 */
export async function startTemporaryStack(options: TemporaryStackOptions): Promise<Stack> {
  const home = options.durable ? tmpdir() : (memoryDirectory() ?? tmpdir())
  const directory = await mkdtemp(join(home, 'comanda-stack-'))
  await chmod(directory, 0o755)
  const release = endWithThisProcess(directory)
  const { postgres, redis } = options
  try {
    const stack = await startStack({
      name: 'temporary',
      directory,
      postgres: postgres
        ? { port: await findFreePorts(postgres.standbys + 1), standbys: postgres.standbys }
        : false,
      redis: redis ? { port: await findFreePorts(6, busOffset), busOffset } : false,
      throwaway: !options.durable,
      settings: postgres?.settings ?? {},
      say: options.say ?? saySilently,
    })
    const stop = async () => {
      if (postgres) await stack.postgres.stop('immediate')
      if (redis) await stack.redis.stop('SIGKILL')
      release()
      await removeTree(directory)
    }
    return Object.defineProperty(stack, 'stop', { value: stop })
  } catch (error) {
    release()
    throw error
  }
}

/**
 * A shell that waits for its input to end, which happens when we do, even by kill -9, and then ends the servers by
 * their pid files. Postgres gets SIGQUIT, as its backends would outlive a killed parent.
 */
const janitor = `
cat >/dev/null
for file in "$0"/*/postmaster.pid; do [ -f "$file" ] && kill -QUIT "$(head -n 1 "$file")" 2>/dev/null; done
for file in "$0"/*/redis.pid; do [ -f "$file" ] && kill -KILL "$(cat "$file")" 2>/dev/null; done
sleep 1
rm -rf "$0"
`

function endWithThisProcess(directory: string): () => void {
  const child = spawn('/bin/sh', ['-c', janitor, directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  // The pipe alone must not keep the test process alive.
  ;(child.stdin as unknown as { unref(): void }).unref()
  return () => child.stdin.end()
}
