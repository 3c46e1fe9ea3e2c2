import type { LiveOrder } from '@comanda/events'
import { openStatuses } from '@comanda/ordering'
import t from 'tap'
import { createBoard } from '#src/realtime/board.ts'

const order = (id: string, version: number, status: LiveOrder['status']) =>
  ({ id, version, status }) as LiveOrder
const shown = (board: ReturnType<typeof createBoard>) =>
  Object.fromEntries([...board.orders.values()].map(({ id, version }) => [id, version]))

t.test('the highest version of an order is its state', async (t) => {
  const board = createBoard(10)
  for (const version of [2, 1, 3, 2]) board.accept(order('a', version, 'placed'))
  t.strictSame(shown(board), { a: 3 })
})

t.test('open orders stay, and of the closed ones the last to close', async (t) => {
  const board = createBoard(2)
  for (const [id, status] of [
    ['a', 'placed'],
    ['b', 'collected'],
    ['c', 'cancelled'],
    ['d', 'rejected'],
  ] as const)
    board.accept(order(id, 2, status))
  t.strictSame(shown(board), { a: 2, c: 2, d: 2 })
  t.strictSame(board.open(), ['a'])
  board.accept(order('a', 3, 'collected'))
  t.strictSame(shown(board), { a: 3, d: 2 })
  board.remove('a')
  board.accept(order('e', 1, 'expired'))
  t.strictSame(shown(board), { d: 2, e: 1 })
  board.clear()
  t.strictSame(shown(board), {})
})

t.test('what is asked of the API are the statuses in which an order is not over', async (t) => {
  t.strictSame(openStatuses, ['pending_payment', 'placed', 'accepted', 'preparing', 'ready'])
})
