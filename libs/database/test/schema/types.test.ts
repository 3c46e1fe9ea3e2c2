import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { compareTypes } from '#src/types-check/compare-types.ts'
import { readColumns } from '#src/types-check/read-columns.ts'
import { readTypes } from '#src/types-check/read-types.ts'
import { openClone } from '../migrate/schema-copy.ts'

const folder = join(import.meta.dirname, '../../src/schema')
const source = globSync('**/*.ts', { cwd: folder })
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n')

t.test('the types are those of the tables', async (t) => {
  const { client } = await openClone(t)
  t.strictSame(compareTypes(await readColumns(client), readTypes(source)), [])
})

/** Edits of the types, and the problems that are found in them. */
const mistakes: [what: string, from: string, to: string, problem: string][] = [
  ['a missing column', '  deadlineAt: string | null\n', '', 'orders.deadlineAt: is not in the types'],
  [
    'one too many',
    '  reason: string | null\n',
    '  reason: string | null\n  extra: string\n',
    'orders.extra: the database has no such column',
  ],
  ['null forgotten', 'deadlineAt: string | null', 'deadlineAt: string', 'orders.deadlineAt: may be null'],
  [
    'null too many',
    'pickupCode: string',
    'pickupCode: string | null',
    'orders.pickupCode: is never null, and the type says that it may be',
  ],
  [
    'a default forgotten',
    'version: Generated<number>',
    'version: number',
    'orders.version: has a default, and is to be Generated',
  ],
  [
    'a default too many',
    'totalCents: number',
    'totalCents: Generated<number>',
    'orders.totalCents: has no default, and is not Generated',
  ],
  [
    'another type',
    'makeSeconds: number',
    'makeSeconds: string',
    'orders.makeSeconds: is int4 in the database, and string in the types',
  ],
  [
    'a type that is no text',
    'pickupCode: string',
    'pickupCode: number',
    'orders.pickupCode: is text in the database, and number in the types',
  ],
  ['a missing table', '  orders: OrdersTable\n', '', 'orders: it is not in the types'],
  [
    'a table too many',
    '  orders: OrdersTable\n',
    '  orders: OrdersTable\n  others: OrdersTable\n',
    'others: the database has no such table',
  ],
]

t.test('what is wrong with the types is noticed', async (t) => {
  const { client } = await openClone(t)
  const columns = await readColumns(client)
  for (const [what, from, to, problem] of mistakes) {
    const at = from.includes(': OrdersTable') ? 0 : source.indexOf('interface OrdersTable')
    const edited = source.slice(0, at) + source.slice(at).replace(from, to)
    t.not(edited, source)
    t.strictSame(compareTypes(columns, readTypes(edited)), [problem], what)
  }
})

t.test('what cannot be understood is not passed over', (t) => {
  t.throws(
    () => readTypes(source.replace('  deadlineAt: string | null', '  deadlineAt:\n    | string\n    | null')),
    /Not a name and a type/,
  )
  t.throws(
    () => readTypes(source.replace('interface OrdersTable {', 'interface OrdersTable extends Row {')),
    /no interface OrdersTable/,
  )
  t.end()
})
