import t from 'tap'
import { backoff, defaultBackoff, reconnectDelay } from '#src/realtime/backoff.ts'

/** The least and the most of many draws. */
function range(draw: () => number): [number, number] {
  const draws = Array.from({ length: 2000 }, draw)
  return [Math.min(...draws), Math.max(...draws)]
}

t.test('a wait is anything up to a bound, which doubles up to ten seconds', async (t) => {
  for (const [failures, most] of [
    [0, 1000],
    [1, 2000],
    [3, 8000],
    [4, 10_000],
    [10_000, 10_000],
  ] as const) {
    const [shortest, longest] = range(() => backoff(failures, defaultBackoff))
    t.ok(shortest >= 0 && shortest < most / 10 && longest <= most && longest > most * 0.9, `${failures}`)
  }
})

t.test('the reason for which a connection ended decides how soon it is made again', async (t) => {
  for (const [code, failures, least, most] of [
    ['draining', 0, 0, 500],
    ['access_token_expired', 0, 0, 500],
    ['access_token_expired', 3, 0, 8000],
    ['rate_limited', 0, 5000, 15_000],
    ['too_many_connections', 0, 5000, 15_000],
    ['transport close', 0, 0, 1000],
    [null, 2, 0, 4000],
  ] as const) {
    const [shortest, longest] = range(() => reconnectDelay(code, failures, defaultBackoff))
    t.ok(shortest >= least && longest <= most, `${code}`)
  }
})
