import t from 'tap'
import type { KeyColumn } from '../libs/database/src/dump/key-columns.ts'
import { entityDiagram } from '../scripts/data-model/entity-diagram.ts'
import { writeParts } from '../scripts/data-model/generated-parts.ts'

const column = (path: string, more: Partial<KeyColumn> = {}): KeyColumn => {
  const [table = '', name = ''] = path.split('.')
  const usual = { nullable: false, primary: false, unique: false, distinct: false, refersTo: null }
  return { table, name, type: 'uuid', ...usual, ...more }
}
const key = { primary: true, distinct: true }
const columns = [
  column('accounts.id', key),
  column('pickup_slots.id', key),
  column('users.id', key),
  column('orders.id', key),
  column('orders.slot_id'),
  column('orders.status', { type: 'text' }),
  column('orders.user_id', { refersTo: 'users', nullable: true }),
  column('orders.subject_id'),
  column('entries.debit_account_id', { unique: true, distinct: true }),
  column('entries.order_id', { type: 'text' }),
]

t.test('a diagram has the keys of its tables and what they refer to, declared or by name', async (t) => {
  t.equal(
    entityDiagram(columns, ['orders', 'entries']),
    [
      '```mermaid',
      'erDiagram',
      '  orders {',
      '    uuid id PK',
      '    uuid slot_id FK',
      '    uuid user_id FK',
      '  }',
      '  entries {',
      '    uuid debit_account_id FK, UK',
      '  }',
      '  pickup_slots ||..o{ orders : slot_id',
      '  users |o--o{ orders : user_id',
      '  accounts ||..o| entries : debit_account_id',
      '```',
    ].join('\n'),
  )
})

t.test('what is generated goes between its markers, and needs a place', async (t) => {
  const document = 'before\n\n<!-- generated: orders -->\n\nold\n\n<!-- end of orders -->\n\nafter\n'
  const written = writeParts(document, new Map([['orders', 'new $1']]))
  t.equal(
    written,
    document.replace('old', () => 'new $1'),
  )
  t.equal(writeParts(written, new Map([['orders', 'new $1']])), written)
  t.throws(() => writeParts(document, new Map([['people', '']])), { message: /no place for people/ })
})
