import { readDocument } from '../../scripts/openapi/documents.ts'
import type { Asked } from './sample-path.ts'

const prefix = '/v1/analytics/cafeterias/{cafeteriaId}/'

/** What the document of analytics says can be asked; the timeline by hour and by day. */
const endpoints = Object.keys(readDocument('analytics', 'openapi.json').paths ?? {})
  .filter((path) => path.startsWith(prefix))
  .map((path) => path.slice(prefix.length))
  .flatMap((name) => (name === 'timeline' ? [`${name}?bucket=hour`, `${name}?bucket=day`] : [name]))

/** All that a manager can ask about one cafeteria, of the seven days before today, which nothing changes any more. */
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
