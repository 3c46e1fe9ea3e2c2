import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { recordStalls } from '../libs/local-stack/src/testing.ts'
import { faultsOfProcesses, type ProcessCost, readCosts } from '../scripts/fuzz/process-costs.ts'

const cost = (changes: Partial<ProcessCost>): ProcessCost => ({
  name: 'orders',
  alive: true,
  stalls: { busyMilliseconds: 100, waitedMilliseconds: 4000 },
  peakMegabytes: 300,
  ...changes,
})

t.test('what a process has cost is read while it runs', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-stalls-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const stallsFile = join(directory, 'stalls')
  const env = { ...process.env, ...recordStalls(stallsFile) }
  // Memory that was given back counts.
  const grow =
    'let kept = Buffer.alloc(200e6, 1); kept = undefined; console.log(1); setInterval(() => {}, 1000)'
  const child = spawn(process.execPath, ['--eval', grow], { stdio: ['ignore', 'pipe', 'inherit'], env })
  await once(child.stdout, 'data')
  const alive = () => child.signalCode === null
  const read = () => readCosts([{ name: 'orders', pid: Number(child.pid), alive, stallsFile }], 0)
  const [cost] = read()
  t.match(cost, { name: 'orders', alive: true, stalls: { busyMilliseconds: Number } })
  t.ok(Number(cost?.peakMegabytes) > 200, `${cost?.peakMegabytes} MB`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.match(read(), [{ alive: false, peakMegabytes: null }])
})

t.test('stalls and memory are judged after a long run, and a process that has ended always is', (t) => {
  t.strictSame(faultsOfProcesses([cost({})], true), [])
  const bad = [
    cost({ stalls: { busyMilliseconds: 101, waitedMilliseconds: 101 } }),
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
