import t from 'tap'
import { openClone, valueOf } from '../migrate/schema-copy.ts'

t.test('quantiles of a histogram are right to 2.5%', async (t) => {
  const { client } = await openClone(t)
  for (const spread of [1, 3, 6]) {
    const durations = Array.from({ length: 500 }, () => Math.exp(Math.random() * spread * 2)).toSorted(
      (a, b) => a - b,
    )
    for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
      const exact = durations[Math.ceil(share * durations.length) - 1] as number
      const found = (await valueOf(
        client,
        `select histogram_quantile(histogram_of(array_agg(duration_bucket(d)), array_agg(1)), $2) from unnest($1::float8[]) d`,
        [durations, share],
      )) as number
      t.ok(Math.abs(found / exact - 1) < 0.025, `${share}: ${found} for ${exact}`)
    }
  }
  t.equal(await valueOf(client, `select histogram_quantile('{}', 0.5)`), null)
})

/** What a function of histograms and hours answers. */
const answers: [expression: string, expected: unknown][] = [
  ['duration_bucket(0)', 1],
  ['duration_bucket(1)', 1],
  ['duration_bucket(1.05)', 2],
  ['duration_bucket(60)', 85],
  [`histogram_of('{3,1,3}', '{1,1,1}')`, [1, 0, 2]],
  [`histogram_of('{3,1,3}', '{1,1,-1}')`, [1]],
  [`histogram_of('{null,2}', '{1,1}')`, [0, 1]],
  [`histogram_of(null, null)`, []],
  [`add_histograms('{1,2}', '{1,2,3}')`, [2, 4, 3]],
  [`add_histograms('{0,0,1}', '{1,0,-1}')`, [1]],
  [`add_histograms('{}', '{}')`, []],
  [`(hours_of_day('{0,23,0}', '{1,2,3}'))[1]`, 4],
  [`(hours_of_day('{0,23,0}', '{1,2,3}'))[24]`, 2],
  // More than a smallint holds.
  [`(hours_of_day('{7,7}', '{32000,32000}'))[8]`, 32_767],
  [`(add_hours(hours_of_day('{7}', '{32000}'), hours_of_day('{7}', '{32000}')))[8]`, 32_767],
]

t.test('histograms and hours add up', async (t) => {
  const { client } = await openClone(t)
  for (const [expression, expected] of answers)
    t.same(await valueOf(client, `select ${expression}`), expected, expression)
})
