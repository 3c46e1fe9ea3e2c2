import t from 'tap'
import { findHoursProblem } from '#src/hours/weekly-hours.ts'

const day = (opens: string, closes: string, weekday = 1) => ({ weekday, opens, closes })

t.test('hours of a week may not close when they open, nor overlap, also in a night', async (t) => {
  for (const [week, problem] of [
    [[], null],
    [[day('08:00', '16:00')], null],
    [[day('08:00', '12:00'), day('12:00', '16:00')], null],
    [[day('00:00', '24:00'), day('00:00', '24:00', 2)], null],
    [[day('08:00', '08:00')], { code: 'hours_invalid', index: 0 }],
    [[day('08:00', '16:00'), day('22:00', '02:00', 2)], null],
    [[day('22:00', '02:00', 7), day('02:00', '03:00')], null],
    [[day('22:00', '24:00', 7), day('00:00', '02:00')], null],
    [[day('22:00', '02:00', 7), day('01:59', '03:00')], { code: 'hours_overlap', index: 1 }],
    [[day('00:00', '06:00', 3), day('20:00', '00:15', 2)], { code: 'hours_overlap', index: 1 }],
    [[day('08:00', '07:00'), day('07:00', '08:00', 2)], null],
    [[day('08:00', '16:00'), day('22:00', '22:00', 2)], { code: 'hours_invalid', index: 1 }],
    [[day('08:00', '12:00'), day('11:59', '16:00')], { code: 'hours_overlap', index: 1 }],
    [
      [day('12:00', '13:00'), day('09:00', '10:00', 2), day('08:00', '24:00')],
      { code: 'hours_overlap', index: 2 },
    ],
  ] as const) {
    t.same(findHoursProblem(week), problem, JSON.stringify(week))
  }
})
