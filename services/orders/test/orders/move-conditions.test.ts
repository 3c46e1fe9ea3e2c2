import t from 'tap'
import { startCampusApp } from './campus-app.ts'
import { orderIn } from './order-in-status.ts'

t.test(
  'the pick-up code is checked, in either case, and repeating with a wrong one is still wrong',
  async (t) => {
    const campus = await startCampusApp(t)
    const { staff } = campus.campus
    const { id, pickupCode } = await orderIn(campus, 'ready')
    const wrong = pickupCode === 'AAAA' ? 'BBBB' : 'AAAA'
    t.match(await campus.move(id, 'collect', staff.caller, { body: { pickupCode: wrong } }), {
      status: 422,
      body: { code: 'wrong_pickup_code' },
    })
    t.match(
      await campus.move(id, 'collect', staff.caller, { body: { pickupCode: pickupCode.toLowerCase() } }),
      { status: 200, body: { status: 'collected' } },
    )
    t.match(await campus.move(id, 'collect', staff.caller, { body: { pickupCode: wrong } }), { status: 422 })
  },
)

t.test('a recall is possible only shortly after ready', async (t) => {
  const campus = await startCampusApp(t)
  const { id } = await orderIn(campus, 'ready')
  const longAgo = new Date(Date.now() - 121_000).toISOString()
  await campus.database.primary.updateTable('orders').set({ readyAt: longAgo }).where('id', '=', id).execute()
  const answer = await campus.move(id, 'recall', campus.campus.staff.caller)
  t.match(answer, { status: 409, body: { code: 'illegal_move', legalMoves: ['collect', 'cancel'] } })
})

t.test(
  'staff give a reason for cancelling, customers need none, and nobody rejects without one',
  async (t) => {
    const campus = await startCampusApp(t)
    const { staff, customer } = campus.campus
    const { id } = await orderIn(campus, 'placed')
    t.match(await campus.move(id, 'cancel', staff.caller), { status: 422, body: { code: 'reason_required' } })
    t.match(await campus.move(id, 'reject', staff.caller), {
      status: 400,
      body: { code: 'validation_failed' },
    })
    t.match(await campus.move(id, 'reject', staff.caller, { body: { reason: '   ' } }), { status: 400 })
    t.match(await campus.move(id, 'cancel', customer.caller), {
      status: 200,
      body: { status: 'cancelled', reason: null },
    })
  },
)

t.test('If-Match moves only the version that the caller knows', async (t) => {
  const campus = await startCampusApp(t)
  const { staff } = campus.campus
  const { id } = await orderIn(campus, 'placed')
  t.match(await campus.move(id, 'accept', staff.caller, { ifMatch: '"2"' }), {
    status: 412,
    body: { code: 'version_mismatch', version: 1, orderStatus: 'placed' },
  })
  t.match(await campus.move(id, 'accept', staff.caller, { ifMatch: 'two' }), {
    status: 400,
    body: { code: 'validation_failed' },
  })
  t.match(await campus.move(id, 'accept', staff.caller, { ifMatch: '"1"' }), {
    status: 200,
    headers: { etag: '"2"' },
  })
  t.match(await campus.move(id, 'start', staff.caller, { ifMatch: '*' }), { status: 200 })
})
