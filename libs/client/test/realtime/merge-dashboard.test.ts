import type { DashboardChange } from '@comanda/events'
import t from 'tap'
import { dayIn, mergeDashboard } from '#src/realtime/merge-dashboard.ts'
import type { Dashboard } from '#src/rest/generated/types.gen.ts'

const dashboard = {
  to: '2026-11-23',
  asOf: '2026-11-23T12:00:00.000Z',
  summary: { placed: 1 },
  statuses: [],
  hours: [],
} as unknown as Dashboard

const change = (changes: Partial<DashboardChange>): DashboardChange =>
  ({
    day: '2026-11-23',
    asOf: '2026-11-23T12:00:01.000Z',
    summary: { placed: 2 },
    statuses: [{ status: 'placed', orders: 2 }],
    ...changes,
  }) as DashboardChange

t.test('a change replaces what it carries, and nothing else', (t) => {
  const { asOf, summary, statuses } = change({})
  t.same(mergeDashboard(dashboard, change({})), { ...dashboard, asOf, summary, statuses })
  t.match(mergeDashboard({ ...dashboard, asOf: null }, change({})), { summary: { placed: 2 } })
  t.match(mergeDashboard(dashboard, change({ asOf: String(dashboard.asOf) })), { summary: { placed: 2 } })
  t.end()
})

t.test('a change of another day or of before the dashboard was read leaves it as it is', (t) => {
  const others: Partial<DashboardChange>[] = [
    { day: '2026-11-22' },
    { day: '2026-11-24' },
    { asOf: '2026-11-23T11:59:59.999Z' },
  ]
  for (const other of others) t.equal(mergeDashboard(dashboard, change(other)), dashboard)
  t.equal(mergeDashboard(dashboard, undefined), dashboard)
  t.end()
})

t.test('a day is that of the time zone', (t) => {
  const days = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'].map(dayIn)
  for (const day of days) t.match(day, /^\d{4}-\d\d-\d\d$/)
  t.equal(new Set(days).size, 2, 'they are 25 hours apart')
  t.end()
})
