import t from 'tap'
import { createPositionHistory } from '#src/positions/position-history.ts'

t.test('lag is the age of the oldest position that was not replayed', async (t) => {
  const history = createPositionHistory()
  history.record(100, 1000, 1, 1000)
  history.record(200, 2000, 1, 2000)
  history.record(300, 3000, 1, 3000)
  t.equal(history.lag(300, 5000), 0)
  t.equal(history.lag(250, 5000), 2000)
  t.equal(history.lag(100, 5000), 3000)
})

t.test('lag is unknown while nothing of the primary is known', async (t) => {
  t.equal(createPositionHistory().lag(100, 1000, 60_000), null)
})

t.test('an idle primary is not lag, however long it is idle', async (t) => {
  const history = createPositionHistory()
  history.record(100, 1000, 1, 1000)
  history.record(100, 60_000, 1, 60_000)
  t.equal(history.lag(100, 60_000), 0)
})

t.test('a replica further behind than the history is at least as late as its oldest position', async (t) => {
  const history = createPositionHistory(2)
  for (const second of [1, 2, 3]) history.record(second * 100, second * 1000, 1, second * 1000)
  t.equal(history.lag(0, 10_000), 8000)
})

t.test('a process that has just started asks how long the replica has replayed nothing', async (t) => {
  const history = createPositionHistory()
  history.record(100, 1000, 1, 1000)
  t.equal(history.lag(50, 1000, 3_600_000), 3_600_000)
  t.equal(history.lag(100, 1000, 3_600_000), 0, 'which says nothing of one that has replayed all')
  history.record(200, 2000, 1, 2000)
  t.equal(history.lag(150, 3000, 3_600_000), 1000, 'nor where it remembers')
})

t.test('after a promotion, what only the old primary knew is not missed, what both knew is', async (t) => {
  const history = createPositionHistory()
  for (const second of [1, 2, 3]) history.record(second * 100, second * 1000, 1, second * 1000)
  history.record(250, 4000, 2, 4000)
  t.equal(history.lag(250, 5000), 0, 'position 300 may never have happened')
  t.equal(history.lag(200, 5000), 1000)
  t.equal(history.lag(150, 5000), 3000)
})

t.test(
  'a replica has caught up with what the primary had last written when it was seen to have written no more',
  async (t) => {
    const history = createPositionHistory()
    t.equal(history.caughtUpAt(100), null)
    history.record(100, 1000, 1, 51_000)
    history.record(100, 4000, 1, 54_000)
    history.record(200, 9000, 1, 59_000)
    t.equal(history.caughtUpAt(200), 59_000, 'by the clock of the primary')
    t.equal(history.caughtUpAt(150), 54_000, 'not when the missing position was seen: it is older than that')
    t.equal(history.caughtUpAt(50), null)
  },
)
