import t from 'tap'
import { type CommittedEvent, updateDelays } from '../load-tests/realtime/update-delays.ts'

const event = (transaction: number, committedAt: number, cafeteriaId = 'a'): CommittedEvent => ({
  cafeteriaId,
  transaction,
  committedAt,
})
const update = (number: number, receivedAt: number, cafeteriaId = 'a') => ({
  cafeteriaId,
  number,
  receivedAt,
})

t.test('an event is delayed until the first update of its cafeteria that counts it', (t) => {
  const updates = [update(5, 1100), update(90, 1150, 'b'), update(20, 5000)]
  t.strictSame(updateDelays([event(4, 1000), event(5, 1050), event(6, 4200)], updates), [
    { total: 100, paused: 0 },
    { total: 50, paused: 0 },
    { total: 800, paused: 0 },
  ])
  t.end()
})

t.test('of that delay, the second after an update is a pause', (t) => {
  const updates = [update(5, 1000), update(20, 2010)]
  const delays = updateDelays([event(6, 900), event(7, 1000), event(8, 1600), event(9, 2005)], updates)
  t.strictSame(
    delays,
    [
      { total: 1110, paused: 1000 },
      { total: 1010, paused: 1000 },
      { total: 410, paused: 400 },
      { total: 5, paused: 0 },
    ],
    'what the update before should have counted is not excused by the pause',
  )
  t.strictSame(
    updateDelays([event(6, 900)], [update(5, 1000), update(20, 1700)]),
    [{ total: 800, paused: 700 }],
    'a pause ends with the update at the latest',
  )
  t.end()
})

t.test('an event that no update counts is an error', (t) => {
  t.throws(() => updateDelays([event(6, 900)], [update(5, 1000), update(9, 1000, 'b')]), /no update of a/)
  t.end()
})
