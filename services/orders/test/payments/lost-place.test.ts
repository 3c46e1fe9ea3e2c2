import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import t from 'tap'
import { startPayingCampus } from './paying-campus.ts'

const campus = await startPayingCampus(t)

t.test(
  'an order whose place was taken meanwhile has the time to pay of the slot that it moved to',
  async (t) => {
    const { db, cafeteria, place } = await campus.openKitchen()
    const slotsOf = () =>
      db
        .selectFrom('pickupSlots')
        .selectAll()
        .where('cafeteriaId', '=', cafeteria.id)
        .where('endsAt', '>', new Date().toISOString())
        .orderBy('startsAt')
        .limit(2)
        .execute()
    const [running] = await slotsOf()
    const endsAt = new Date(Date.now() + 120_000).toISOString()
    await db
      .updateTable('pickupSlots')
      .set({ endsAt })
      .where('id', '=', running?.id as string)
      .execute()

    // What another role's statement waits for is not shown, but that it waits is.
    const waitsForTheSlot = sql<{ waits: boolean }>`
      select exists (
        select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()
      ) as waits`
    let placing: ReturnType<typeof place> | undefined
    await db.transaction().execute(async (tx) => {
      await tx
        .updateTable('pickupSlots')
        .set({ capacityOrders: 1, reservedOrders: 1 })
        .where('id', '=', running?.id as string)
        .execute()
      placing = place({ method: 'card', token: 'tok_late' })
      while (!(await waitsForTheSlot.execute(db)).rows[0]?.waits) await wait(5)
    })

    const { status, body } = (await placing) as Awaited<ReturnType<typeof place>>
    const next = (await slotsOf()).find(({ id }) => id !== running?.id)
    t.equal(status, 201)
    t.equal(body.slotId, next?.id)
    const { paymentSeconds } = await db
      .selectFrom('cafeterias')
      .select('paymentSeconds')
      .where('id', '=', cafeteria.id)
      .executeTakeFirstOrThrow()
    const inTime = Date.parse(body.createdAt) + paymentSeconds * 1000
    t.equal(Date.parse(body.deadlineAt), Math.min(inTime, Date.parse(next?.endsAt as string)))
  },
)
