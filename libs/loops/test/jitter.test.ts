import t from 'tap'
import { withJitter } from '#src/jitter.ts'

t.test('jitter makes a duration longer or shorter by up to its fraction', async (t) => {
  t.strictSame(
    [0, 0.5, 1].map((random) => withJitter(1000, 0.2, random)),
    [800, 1000, 1200],
  )
  t.equal(withJitter(1000, 0), 1000)
})
