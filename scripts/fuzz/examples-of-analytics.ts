import { paths, reportPaths } from '../../services/analytics/test/operations.ts'
import type { FuzzExample } from './example-webhook.ts'

/** For each operation of analytics a call about the cafeteria, which succeeds for its managers. */
export function examplesOfAnalytics(cafeteriaId: string): Record<string, () => FuzzExample> {
  const calls = Object.entries({ ...paths(cafeteriaId), ...reportPaths(cafeteriaId) })
  return Object.fromEntries(
    calls.map(([operation, path]) => {
      const { pathname, searchParams } = new URL(path, 'http://analytics')
      const example = {
        ...(pathname.includes(cafeteriaId) ? { path: { cafeteriaId } } : {}),
        query: Object.fromEntries(searchParams),
      }
      return [operation, () => example]
    }),
  )
}
