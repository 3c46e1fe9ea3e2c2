import t from 'tap'
import { startTwo, until } from './two-processes.ts'

// The test starts servers and processes, which takes a while on two busy cores.
t.setTimeout(300_000)

const { fleet, here, there, name, rename } = await startTwo(t)

t.test(
  'an edit is seen while the replica replays nothing: by its writer at once, by another process soon',
  async (t) => {
    const { postgres } = fleet.stack
    const [standby] = postgres.standbys
    if (standby === undefined) throw new Error('no standby')
    await postgres.waitForReplay(standby)
    await Promise.all([name(here), name(there)])
    await postgres.pauseReplay(standby)
    const delays: number[] = []
    for (let edit = 0; edit < 20; edit += 1) {
      if (edit === 10) await postgres.resumeReplay(standby)
      const renamed = `Edit ${edit}`
      t.equal((await rename(here, renamed)).status, 200)
      const answered = performance.now()
      t.equal(await name(here), renamed)
      await until(async () => (await name(there)) === renamed)
      delays.push(performance.now() - answered)
    }
    delays.sort((a, b) => a - b)
    t.comment(
      `seen by another process after ${delays[10]?.toFixed(1)} ms, at worst ${delays.at(-1)?.toFixed(1)} ms`,
    )
  },
)

t.test(
  'an API that dies before it publishes leaves nothing old: the worker publishes what was committed',
  async (t) => {
    const first = await name(here)
    await fleet.start('worker', { PAYMENT_PROVIDER: 'none' })
    const { id } = fleet.campus.cafeteria
    const renamed = fleet.database.primary.updateTable('cafeterias').set({ name: 'Unpublished' })
    await renamed.where('id', '=', id).execute()
    t.not(first, 'Unpublished')
    await until(async () => (await name(here)) === 'Unpublished')
  },
)

t.test('what timers do to an order is seen by its customer', async (t) => {
  const { body: order } = await fleet.place(here, 'timer')
  const recent = async () => (await fleet.get(here, '/v1/me/recent-orders')).body.data[0]
  t.match(await recent(), { id: order.id, status: 'placed' })
  const due = new Date(Date.now() - 1000).toISOString()
  await fleet.database.primary
    .updateTable('orders')
    .set({ deadlineAt: due })
    .where('id', '=', order.id)
    .execute()
  await until(async () => (await recent()).status === 'rejected')
})
