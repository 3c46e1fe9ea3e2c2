import t from 'tap'
import { createPositionHistory } from '#src/lag.ts'

t.test('lag is the age of the oldest position that was not replayed', async (t) => {
  const history = createPositionHistory()
  history.record(100, 1000)
  history.record(200, 2000)
  history.record(300, 3000)
  t.equal(history.lag(300, 5000), 0)
  t.equal(history.lag(250, 5000), 2000)
  t.equal(history.lag(100, 5000), 3000)
})

t.test('an idle primary is not lag, however long it is idle', async (t) => {
  const history = createPositionHistory()
  history.record(100, 1000)
  history.record(100, 60_000)
  t.equal(history.lag(100, 60_000), 0)
})

t.test('a replica further behind than the history is at least as late as its oldest position', async (t) => {
  const history = createPositionHistory(2)
  for (const second of [1, 2, 3]) history.record(second * 100, second * 1000)
  t.equal(history.lag(0, 10_000), 8000)
})
