import type { Caller } from '@comanda/access'
import { legalMoves, type MoveName, moves, orderStatuses, type Party } from '@comanda/ordering'
import t from 'tap'
import { addCafeteria, addUser } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'
import { bodyOf, orderIn } from './order-in-status.ts'

// The test places hundreds of orders, which takes a while on two busy cores.
t.setTimeout(240_000)

t.test('every move, from every status, by everybody', async (t) => {
  const campus = await startCampusApp(t)
  const { database } = campus
  const { customer, staff, manager, admin, cafeteria } = campus.campus
  await database.primary
    .updateTable('accounts')
    .set({ balanceCents: 100_000_000 })
    .where('id', '=', customer.id)
    .execute()
  await database.primary
    .updateTable('pickupSlots')
    .set({ capacityOrders: 10_000 })
    .where('cafeteriaId', '=', cafeteria.id)
    .execute()
  const elsewhere = await addCafeteria(database.primary, { slotDays: null })
  const stranger = await addUser(database.primary)
  const foreignStaff = await addUser(database.primary, { memberships: { [elsewhere.id]: 'manager' } })

  const people: Record<string, { caller: Caller; party: Party | null }> = {
    customer: { caller: customer.caller, party: 'customer' },
    staff: { caller: staff.caller, party: 'staff' },
    manager: { caller: manager.caller, party: 'staff' },
    admin: { caller: admin.caller, party: 'staff' },
    'another customer': { caller: stranger.caller, party: null },
    'staff of another cafeteria': { caller: foreignStaff.caller, party: null },
  }

  for (const status of orderStatuses) {
    for (const [name, { caller, party }] of Object.entries(people)) {
      for (const move of Object.keys(moves) as MoveName[]) {
        const { id, pickupCode } = await orderIn(campus, status)
        const answer = await campus.move(id, move, caller, { body: bodyOf(move, pickupCode) as object })
        const message = `${name}: ${move} an order that is ${status}`
        const { to } = moves[move]
        if (caller.role === 'customer' && move !== 'cancel') {
          t.match(answer, { status: 403, body: { code: 'forbidden_role' } }, message)
        } else if (party === null) {
          t.match(answer, { status: 404, body: { code: 'order_not_found' } }, message)
        } else if (legalMoves(status, party).includes(move)) {
          t.match(
            answer,
            { status: 200, body: { status: to, version: 2 }, headers: { etag: '"2"' } },
            message,
          )
        } else if (status === to) {
          t.match(answer, { status: 200, body: { status, version: 1 } }, `${message}: already`)
        } else {
          t.match(
            answer,
            {
              status: 409,
              body: { code: 'illegal_move', orderStatus: status, legalMoves: legalMoves(status, party) },
            },
            message,
          )
        }
      }
    }
  }
})

t.test('staff of one cafeteria are only customers at another', async (t) => {
  const campus = await startCampusApp(t)
  const elsewhere = await addCafeteria(campus.database.primary, { slotDays: null })
  const { caller } = await addUser(campus.database.primary, {
    memberships: { [elsewhere.id]: 'staff' },
    balanceCents: 10_000,
  })
  const { body } = await campus.place({}, { caller })
  t.match(await campus.move(body.id, 'accept', caller), { status: 403, body: { code: 'move_forbidden' } })
  t.match(await campus.move(body.id, 'cancel', caller), { status: 200 })
})
