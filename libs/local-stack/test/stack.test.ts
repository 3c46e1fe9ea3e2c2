import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { t, test } from 'tap'
import { isRunning } from '#src/postgres/server.ts'
import { saySilently } from '#src/progress.ts'
import { resetStack, startStack, stopStack } from '#src/stack.ts'
import { readDescription } from '#src/stack-description.ts'
import type { StackOptions } from '#src/stack-options.ts'
import { removeTree } from '#src/system/files.ts'
import { memoryDirectory } from '#src/system/memory-directory.ts'
import { findFreePorts } from '#src/system/ports.ts'
import { query } from './query.ts'

/** A named stack in a directory of its own, as `make up` has one. */
function namedStack(port: number, standbys: number): StackOptions {
  return {
    name: 'named',
    directory,
    postgres: { port, standbys },
    redis: false,
    throwaway: true,
    say: saySilently,
  }
}
const parent = mkdtempSync(join(memoryDirectory() ?? tmpdir(), 'comanda-test-'))
const directory = join(parent, 'named')
const port = await findFreePorts(6)

// A named stack would outlive this process, even when a test was cut short.
t.teardown(async () => {
  await resetStack(namedStack(port, 0))
  await removeTree(parent)
})

test('a stranger on our port is reported in one sentence and left alone', async (t) => {
  const stranger = createServer((socket) => socket.end('still here'))
  stranger.listen(port, '127.0.0.1')
  await once(stranger, 'listening')
  await t.rejects(startStack(namedStack(port, 0)), {
    message: new RegExp(`^Port ${port}, wanted for Postgres .*, is taken by .*, which is not ours: `),
  })
  t.ok(stranger.listening)
  stranger.close()
})

test('two starts at once give one stack', async (t) => {
  const [one, other] = await Promise.all([startStack(namedStack(port, 1)), startStack(namedStack(port, 1))])
  t.equal(one.primaryUrl, other.primaryUrl)
  await query(one.primaryUrl, 'create table kept ()')
})

test('other ports and fewer standbys are a matter of asking, and the data stays', async (t) => {
  const before = await startStack(namedStack(port, 1))
  const [, retired] = before.postgres.servers
  const after = await startStack(namedStack(port + 3, 0))
  t.same(after.replicaUrls, [])
  t.ok(retired && !isRunning(retired) && !existsSync(retired.directory), 'the standby is gone')
  t.same(await query(after.primaryUrl, `select to_regclass('kept')::text as name`), [{ name: 'kept' }])
  const slots = await query(after.adminUrl, 'select slot_name from pg_replication_slots')
  t.same(slots, [], 'nothing keeps WAL for it')
})

test('a promoted standby is still the primary after a restart', async (t) => {
  const stack = await startStack(namedStack(port + 3, 1))
  const [standby] = stack.postgres.standbys
  if (standby === undefined) throw new Error('the stack has no standby')
  await stack.postgres.promote(standby)
  await stopStack(namedStack(port + 3, 1))
  const again = await startStack(namedStack(port + 3, 1))
  t.equal(again.postgres.primary.port, standby.port)
  t.equal(again.postgres.standbys.length, 1)
})

test('stopping stops every server of the stack, and forgetting it removes its data', async (t) => {
  const options = namedStack(port + 3, 1)
  const stack = await startStack(options)
  // A stack is stopped without the options that it was started with.
  await stopStack({ ...options, postgres: false })
  t.notOk(stack.postgres.servers.some(isRunning))
  const data = readDescription(directory)?.dataDirectory ?? ''
  t.ok(existsSync(data))
  await resetStack(options)
  t.notOk(existsSync(data))
})

test('a temporary stack ends with the test process, even when that is killed', async (t) => {
  const program = `
    const { startTemporaryStack } = await import('${new URL('../src/testing.ts', import.meta.url).href}')
    const stack = await startTemporaryStack({ postgres: { standbys: 0 } })
    console.log(JSON.stringify(stack.postgres.primary))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const server = JSON.parse(line)
  t.ok(isRunning(server))
  child.kill('SIGKILL')
  for (const deadline = Date.now() + 10_000; existsSync(server.directory) && Date.now() < deadline; )
    await sleep(50)
  t.notOk(isRunning(server))
  t.notOk(existsSync(server.directory))
})
