import { routeConstraint } from '@comanda/service'
import Negotiator from 'negotiator'
import { csvType } from './csv-cells.ts'

/** Whether a request is for a file: `format` decides, and without it what `accept` prefers, JSON if it has no preference. */
function wantsCsv(url: string, accept: string | undefined): boolean {
  const format = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('format')
  if (format !== null) return format === 'csv'
  return new Negotiator({ headers: { accept } }).mediaType(['application/json', csvType]) === csvType
}

/** Lets a URL below a path have a separate route for files: `constraints: { file: csvType }`. */
export const csvConstraint = (path: string) =>
  routeConstraint('file', ({ url = '', headers }) =>
    url.startsWith(path) && wantsCsv(url, headers.accept) ? csvType : undefined,
  )
