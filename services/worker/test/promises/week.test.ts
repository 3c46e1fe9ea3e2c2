import { sql } from 'kysely'
import t from 'tap'
import { openDatabase, openKitchen } from '../fixture.ts'
import { liveThroughDays, type Promised } from './live-through-days.ts'
import { simulateKitchen } from './simulate-kitchen.ts'

t.setTimeout(300_000)

/** Other days than those of every run: WEEK_SEED=2. */
const seed = Number(process.env['WEEK_SEED'] ?? 1)
const cooks = 6
/** How many days it may take to learn, after how many days a cook leaves, and how many there are. */
const [learningDays, leavingDay, days] = [2, 7, 9]

const share = (promises: readonly Promised[], which: (promised: Promised) => boolean) =>
  promises.filter(which).length / promises.length
const percent = (part: number) => `${(100 * part).toFixed(1)}%`

t.test('nine of ten promises are kept on every day, and soon again when a cook leaves', async (t) => {
  const { owner } = await openDatabase(t, { poolMax: 1 })
  const db = owner.primary
  const { cafeteriaId } = await openKitchen(owner)
  await sql`set synchronous_commit to off`.execute(db)
  const orders = simulateKitchen({ seed, days, cooksOn: (day) => (day < leavingDay ? cooks : cooks - 1) })
  const promised = await liveThroughDays(db, { cafeteriaId, cooks }, orders)

  const byDay = [...Map.groupBy(promised, ({ day }) => day)]
  for (const [day, today] of byDay) {
    const rush = today.filter((order) => order.rush)
    t.comment(
      `day ${day + 1}: ${today.length} orders, kept ${percent(share(today, ({ kept }) => kept))}, in rush hours ${percent(share(rush, ({ kept }) => kept))}; with nothing learnt ${percent(share(today, ({ naivelyKept }) => naivelyKept))}`,
    )
  }
  for (const [day, today] of byDay) {
    const kept = share(today, (order) => order.kept)
    if (day >= leavingDay) t.ok(kept >= 0.8, `day ${day + 1}, a cook short: ${percent(kept)}`)
    else if (day >= learningDays) t.ok(kept >= 0.88 && kept <= 0.92, `day ${day + 1}: ${percent(kept)}`)
  }
  const learnt = promised.filter(({ day }) => day >= learningDays && day < leavingDay)
  const groups: Record<string, (order: Promised) => boolean> = {
    'in rush hours': ({ rush }) => rush,
    'outside of rush hours': ({ rush }) => !rush,
    'when nobody waited': ({ waitSeconds }) => waitSeconds < 60,
    'when many waited': ({ waitSeconds }) => waitSeconds >= 120,
  }
  for (const [name, belongs] of Object.entries(groups)) {
    const orders = learnt.filter(belongs)
    const kept = share(orders, (order) => order.kept)
    t.ok(orders.length > 200 && kept >= 0.85 && kept <= 0.95, `${name}: ${percent(kept)} of ${orders.length}`)
  }
  const minutes = (seconds: (order: Promised) => number) =>
    (learnt.reduce((sum, order) => sum + seconds(order), 0) / learnt.length / 60).toFixed(1)
  t.comment(
    `promised ${minutes(({ promisedSeconds }) => promisedSeconds)} minutes on average, took ${minutes(({ placedAt, readyAt }) => readyAt - placedAt)}`,
  )
})
