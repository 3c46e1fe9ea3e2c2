import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { provePattern } from '../scripts/patterns/prove-pattern.ts'
import { schemaPatterns } from '../scripts/patterns/schema-patterns.ts'
import { sourcePatterns } from '../scripts/patterns/source-patterns.ts'

t.test('patterns whose time does not grow faster than the text pass, all others do not', async (t) => {
  const table: [source: string, reason: RegExp | undefined][] = [
    ['^[a-z]+(-[a-z]+)*$', undefined],
    ['[^ ]', undefined],
    ['^[^\\u0000]*[^\\u0000 ][^\\u0000]*$', /2nd degree/],
    ['^(a+)+$', /exponential/],
    ['(?<!a)(?:bb)*c', /cannot be proved/],
  ]
  for (const [source, reason] of table) {
    if (reason === undefined) t.equal(provePattern({ source, flags: 'u' }), undefined, source)
    else t.match(provePattern({ source, flags: 'u' }), reason, source)
  }
})

t.test('patterns are found wherever they stand in a schema, each once', async (t) => {
  const schema = {
    properties: { pattern: { type: 'string', pattern: 'a' }, same: { pattern: 'a' } },
    anyOf: [{ items: { pattern: 'b' } }],
    patternProperties: { c: { pattern: 'd' } },
  }
  t.same(
    schemaPatterns(schema, 'one')
      .map(({ source }) => source)
      .toSorted(),
    ['a', 'b', 'c', 'd'],
  )
})

t.test('literals of a source are found, and expressions that are made while it runs', async (t) => {
  const file = join(t.testdir(), 'some.ts')
  writeFileSync(
    file,
    'const one: RegExp = /a+/i\nexport const two = (text: string) => new RegExp(text).test(String(/b/))\n',
  )
  const { literals, made } = sourcePatterns(file, t.testdirName)
  t.same(literals, [
    { source: 'a+', flags: 'i', place: 'some.ts:1' },
    { source: 'b', flags: '', place: 'some.ts:2' },
  ])
  t.same(made, ['some.ts:2'])
})
