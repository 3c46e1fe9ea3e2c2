import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { faultsOfProcesses, type ProcessCost, readCosts } from '../scripts/fuzz/process-costs.ts'

const cost = (changes: Partial<ProcessCost>): ProcessCost => ({
  name: 'orders',
  alive: true,
  stallMilliseconds: 100,
  waitedMilliseconds: 4000,
  peakMegabytes: 300,
  ...changes,
})

/** Runs a program that prints something when it has done its work and then goes on, and reads what it has cost until then. */
async function costOf(t: Test, program: string, since = 0): Promise<ProcessCost> {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-stalls-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const stallsFile = join(directory, 'stalls')
  await writeFile(stallsFile, '')
  const recorder = new URL('../scripts/fuzz/record-stalls.ts', import.meta.url)
  recorder.searchParams.set('file', stallsFile)
  const child = spawn(process.execPath, [`--import=${recorder.href}`, '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const alive = () => child.exitCode === null
  const [read] = readCosts([{ name: 'orders', pid: Number(child.pid), alive, stallsFile }], since)
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.equal(alive() && child.signalCode === null, false)
  return read as ProcessCost
}

/** Does something a while after the start, and says so after the next turns of the event loop. */
const later = (work: string) => `
  setTimeout(() => { ${work} }, 300)
  setTimeout(() => console.log('done'), 1500)
  setInterval(() => {}, 1000)`
const spin = `const { user, system } = process.threadCpuUsage()
  for (;;) { const now = process.threadCpuUsage(); if (now.user + now.system - user - system > 400_000) break }`
const sleep = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)'

t.test('a process that computes has stalled, however busy the machine is', async (t) => {
  const { stallMilliseconds, waitedMilliseconds, peakMegabytes } = await costOf(t, later(spin))
  t.ok(stallMilliseconds >= 400 && stallMilliseconds < 600, `${stallMilliseconds} ms`)
  t.ok(waitedMilliseconds >= stallMilliseconds)
  t.ok(Number(peakMegabytes) > 20, `${peakMegabytes} MB`)
})

t.test('a process that is held up has not, and what was before the run does not count', async (t) => {
  const held = await costOf(t, later(sleep))
  t.ok(held.waitedMilliseconds >= 400, `${held.waitedMilliseconds} ms`)
  t.ok(held.stallMilliseconds < 300, `${held.stallMilliseconds} ms`)
  t.match(await costOf(t, later(spin), Date.now() + 60_000), { stallMilliseconds: 0, waitedMilliseconds: 0 })
})

t.test('memory that was given back counts', async (t) => {
  const grow = `globalThis.kept = Buffer.alloc(200e6, 1); globalThis.kept = undefined; globalThis.gc?.()`
  const { peakMegabytes } = await costOf(t, later(grow))
  t.ok(Number(peakMegabytes) > 200, `${peakMegabytes} MB`)
})

t.test('stalls and memory are judged after a long run, and a process that has ended always is', (t) => {
  t.strictSame(faultsOfProcesses([cost({})], true), [])
  const bad = [
    cost({ stallMilliseconds: 101 }),
    cost({ name: 'worker', peakMegabytes: 301.4 }),
    cost({ name: 'analytics', peakMegabytes: null }),
  ]
  t.strictSame(faultsOfProcesses(bad, true), [
    'orders kept its event loop for 101 ms of processor time, and may for 100 ms',
    'worker had 301 MB of memory resident, and may have 300 MB',
    'how much memory analytics had is unknown, because there is no /proc here',
  ])
  t.strictSame(faultsOfProcesses(bad, false), [])
  t.strictSame(faultsOfProcesses([cost({ alive: false, peakMegabytes: null })], false), [
    'orders ended while it was fuzzed',
  ])
  t.end()
})
