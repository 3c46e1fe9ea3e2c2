import { sql } from 'kysely'
import { share as shareOf, sum } from '../periods/numbers.ts'
import { count, share } from './columns.ts'
import { ofPeriod, type Report } from './report.ts'

export const noShows: Report = {
  path: 'no-shows',
  operationId: 'getNoShowsReport',
  summary: 'How many orders nobody collected in each period',
  description:
    'A no-show is an order that became ready and that nobody collected until the cafeteria’s time for that was over. It counts on the day on which that time ended, an order that was collected on the day of that.',
  answer: 'NoShowsReport',
  columns: [
    count('ready', 'Orders that became ready'),
    count('collected', 'Orders that were collected'),
    count('uncollected', 'Orders that nobody collected in time'),
    share('noShowShare', 'The share that these are of both'),
  ],
  rows: {
    columns: sql`d.ready, d.collected, d.uncollected,
      ${shareOf(sql`d.uncollected`, sql`d.collected + d.uncollected`)} as no_show_share`,
    from: sql`
      cross join lateral (
        select ${sum('ready')}, ${sum('collected')}, ${sum('uncollected')} from rollup_days where ${ofPeriod}
      ) d`,
  },
}
