import type { Asked } from './sample-path.ts'

const endpoints = [
  'dashboard',
  'summary',
  'sessions',
  'timeline?bucket=hour',
  'timeline?bucket=day',
  'products',
  'statuses',
  'payments',
  'preparation',
  'promises',
  'customers',
  'pickup-kinds',
]

/** Everything that a manager can ask about the seven days before today, which nothing changes any more. */
export function dashboardPaths(
  url: string,
  { cafeteriaId, token, until }: { cafeteriaId: string; token: string; until: Date },
): Asked[] {
  const date = (daysAgo: number) =>
    new Date(until.getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10)
  // A day in UTC is at most one ahead of the cafeteria's.
  const days = `from=${date(8)}&to=${date(2)}`
  const init = { headers: { authorization: `Bearer ${token}` } }
  return endpoints.map((name) => ({
    name,
    request: () => ({
      url: `${url}/v1/analytics/cafeterias/${cafeteriaId}/${name}${name.includes('?') ? '&' : '?'}${days}`,
      init,
    }),
  }))
}
