import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { bufferedLines } from '#src/logging/buffered-lines.ts'

t.test('every line arrives whole and in order, however long, by itself or when told', async (t) => {
  const file = join(t.testdir(), 'log')
  const output = bufferedLines(openSync(file, 'w'))
  const lines = Array.from({ length: 500 }, (_, index) => `${index} ñ🌶 ${'x'.repeat((index * 97) % 400)}\n`)
  lines.splice(250, 0, `${'🌶'.repeat(40_000)}\n`)
  for (const line of lines) output.write(line)
  output.flushSync()
  t.equal(readFileSync(file, 'utf8'), lines.join(''))
  output.write('last\n')
  while (!readFileSync(file, 'utf8').endsWith('last\n')) await wait(10)
})

t.test('many of them add no listener to the process for each', async (t) => {
  const directory = t.testdir()
  const count = () => process.listenerCount('exit') + process.listenerCount('beforeExit')
  const open = (name: string) => bufferedLines(openSync(join(directory, name), 'w'))
  open('first')
  const before = count()
  for (let more = 0; more < 12; more += 1) open(String(more))
  t.equal(count(), before)
})
