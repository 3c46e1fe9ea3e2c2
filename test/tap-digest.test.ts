import { test } from 'tap'
import { createDigest } from '../scripts/test/tap-digest.ts'

const output = `TAP version 14
# Subtest: libs/a/test/good.test.ts
    # Subtest: it works
        ok 1 - yes
        1..1
    ok 1 - it works # time=1ms
    1..1
ok 1 - libs/a/test/good.test.ts # time=12ms

# Subtest: libs/a/test/bad.test.ts
    # Subtest: it breaks
        not ok 1 - should be equal
          ---
          diff: |
            -2
            +1
          ...

        not ok 2 - later # TODO
        1..2
    not ok 1 - it breaks # time=3ms
not ok 2 - libs/a/test/bad.test.ts # time=34ms
  ---
  exitCode: 1
  ...

# { total: 3, pass: 1, fail: 1, todo: 1 }
`

test('the digest of a test run counts what tap counts, and shows failures whole and nothing else', async (t) => {
  const said: string[] = []
  const digest = createDigest((line) => said.push(line))
  for (const line of output.split('\n')) digest.read(line)
  t.same(digest.totals(), { passed: 1, failed: 1 })
  t.same(
    said.filter((line) => line.trim() !== ''),
    [
      '  ok     libs/a/test/good.test.ts 12ms',
      '    libs/a/test/bad.test.ts > it breaks > not ok 1 - should be equal',
      '          ---',
      '          diff: |',
      '            -2',
      '            +1',
      '          ...',
      '    libs/a/test/bad.test.ts > not ok 1 - it breaks # time=3ms',
      '  FAILED libs/a/test/bad.test.ts 34ms',
    ],
  )
})

test('a file that was cut off is named', async (t) => {
  const said: string[] = []
  const digest = createDigest((line) => said.push(line))
  for (const line of [
    'not ok 3 - timeout!',
    '  ---',
    '  expired: libs/a/test/slow.test.ts',
    '  ...',
    'ok 4 - x.test.ts',
  ])
    digest.read(line)
  t.same(said, [
    '  FAILED timeout! ',
    '  ---',
    '  expired: libs/a/test/slow.test.ts',
    '  ...',
    '  ok     x.test.ts ',
  ])
})

test('output that ends before its summary counts nothing as passed', async (t) => {
  const digest = createDigest(() => {})
  for (const line of output.split('\n').slice(0, 9)) digest.read(line)
  t.same(digest.totals(), { passed: 0, failed: 0 })
})
