import t from 'tap'
import { startPayingCampus } from './paying-campus.ts'

/** What happens while the provider makes up its mind. */
let meanwhile = async () => {}
const campus = await startPayingCampus(
  t,
  {},
  {
    prepare: (sandbox) =>
      sandbox.addHook('onSend', async (request) => {
        if (request.method === 'POST' && request.url === '/authorizations') await meanwhile()
      }),
  },
)

t.test(
  'a card that is authorised when the pick-up window is over pays nothing, and the answer says so',
  async (t) => {
    const { db, place, payments, order, held, check } = await campus.openKitchen()
    meanwhile = async () => {
      const pickupUntil = new Date(Date.now() - 1000).toISOString()
      await db.updateTable('orders').set({ pickupUntil }).where('status', '=', 'pending_payment').execute()
    }
    t.teardown(() => {
      meanwhile = async () => {}
    })
    const answer = await place({ method: 'card', token: 'tok_ok' }, { key: 'late' })
    const { orderId } = answer.body
    t.match(answer, { status: 409, body: { code: 'order_expired', orderId: String } })
    t.match(await order(orderId), { status: 'expired' })
    t.match(await payments(), [{ orderId, status: 'voiding' }])
    t.same(await held(), { units: 0, places: 0 })
    t.match(
      await place({ method: 'card', token: 'tok_ok' }, { key: 'late' }),
      { status: 409, body: { code: 'order_expired', orderId } },
      'the repeated request has the same answer',
    )
    t.equal((await payments()).length, 1, 'and charges nothing')
    await check(t)
  },
)
