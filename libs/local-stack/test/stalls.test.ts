import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type LongestStalls, longestStalls, recordStalls } from '#src/testing.ts'

/** Runs a program that does something a while after its start, and returns the stalls until the next turns of its event loop. */
async function stallsOf(t: Test, work: string, since = 0): Promise<LongestStalls> {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-stalls-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const file = join(directory, 'process/stalls')
  const program = `
    setTimeout(() => {
      ${work}
      // The event loop turns many times before this.
      setTimeout(() => console.log('done'), 200)
    }, 300)`
  const child = spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...recordStalls(file, process.env['NODE_OPTIONS']) },
  })
  const exited = once(child, 'exit')
  const [done] = await once(child.stdout, 'data')
  t.equal(String(done), 'done\n')
  t.same((await exited)[0], 0, 'the record does not keep a process running')
  return longestStalls(file, since)
}

const spin = `const { user, system } = process.threadCpuUsage()
  for (;;) { const now = process.threadCpuUsage(); if (now.user + now.system - user - system > 400_000) break }`
const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)'

t.test('a process that computes has stalled, however busy the machine is', async (t) => {
  const { busyMilliseconds, waitedMilliseconds } = await stallsOf(t, spin)
  t.ok(busyMilliseconds >= 400 && busyMilliseconds < 600, `${busyMilliseconds} ms`)
  t.ok(waitedMilliseconds >= busyMilliseconds)
})

t.test('a process that is held up has not', async (t) => {
  const { busyMilliseconds, waitedMilliseconds } = await stallsOf(t, sleep)
  t.ok(waitedMilliseconds >= 400, `${waitedMilliseconds} ms`)
  t.ok(busyMilliseconds < 300, `${busyMilliseconds} ms`)
})

t.test('what was before does not count', async (t) => {
  const stalls = await stallsOf(t, spin, Date.now() + 60_000)
  t.same(stalls, { busyMilliseconds: 0, waitedMilliseconds: 0 })
})
