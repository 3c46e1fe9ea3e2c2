import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findShortWaits } from './waits/find-short-waits.ts'

// A time-out that decides a test is long, or it is what is tested, which a comment says then.
const root = join(import.meta.dirname, '..')
const tests = [
  '{libs,services}/*/test/**/*.ts',
  'libs/*/src/testing/**/*.ts',
  'test/**/*.ts',
  'charts/test/**/*.ts',
  'scripts/fuzz/*.ts',
]
// The examples of the check's own test.
const examples = 'test/short-waits.test.ts'
for (const file of globSync(tests, { cwd: root, exclude: [examples] }).toSorted())
  for (const line of findShortWaits(readFileSync(join(root, file), 'utf8'))) {
    console.log(
      `${file}:${line}: a busy machine may need longer than this time-out: give it 20 s, or say above it`,
    )
    console.log('    that the wait is what is tested.')
    process.exitCode = 1
  }
