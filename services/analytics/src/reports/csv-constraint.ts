import type { Service } from '@comanda/service'
import Negotiator from 'negotiator'
import { csvType } from './csv-cells.ts'

type Strategy = Parameters<Service['addConstraintStrategy']>[0]

/** Whether a request is for a file: `format` decides, and without it what `accept` prefers, JSON if it has no preference. */
function wantsCsv(url: string, accept: string | undefined): boolean {
  const format = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('format')
  if (format !== null) return format === 'csv'
  return new Negotiator({ headers: { accept } }).mediaType(['application/json', csvType]) === csvType
}

/** Lets a URL below a path have a separate route for files: `constraints: { file: csvType }`. */
export const csvConstraint = (path: string): Strategy => ({
  name: 'file',
  storage() {
    const handlers = new Map<unknown, ReturnType<ReturnType<Strategy['storage']>['get']>>()
    return {
      get: (type) => handlers.get(type) ?? null,
      set: (type, handler) => void handlers.set(type, handler),
    }
  },
  validate: () => {},
  deriveConstraint: ({ url = '', headers }) =>
    url.startsWith(path) && wantsCsv(url, headers.accept) ? csvType : undefined,
})
