import { eventContracts } from '@comanda/events/log'
import t from 'tap'
import { Value } from 'typebox/value'
import { claimEvents, insertPosition } from '#src/consumers/event-positions.repository.ts'
import { openDatabase, openKitchen } from '../fixture.ts'
import { until } from '../worker-process.ts'
import { makeEverythingHappen } from './everything.ts'

t.test('every event keeps the contract of its type, and every contract has events', async (t) => {
  const { owner } = await openDatabase(t)
  const db = owner.primary
  await insertPosition(db, { name: 'test', from: 'beginning' })
  await makeEverythingHappen(owner, await openKitchen(owner))
  const appended = await db.selectFrom('events').select('id').execute()
  const read = () => db.transaction().execute((tx) => claimEvents(tx, 'test', 1000))
  await until(async () => (await read()).length === appended.length)
  const events = await read()
  for (const { event } of events) {
    const contract = eventContracts.get(event.type)
    if (contract === undefined) return t.fail(`${event.type} has no contract`)
    t.same(Value.Errors(contract, event), [], event.type)
  }
  t.same(new Set(events.map(({ event }) => event.type)), new Set(eventContracts.keys()))
  return undefined
})
