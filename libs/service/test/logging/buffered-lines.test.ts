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
