import { trailerOf } from './csv-cells.ts'
import type { DatedPage } from './reports.queries.ts'

/** Reads a page that begins after where the last one ended. */
type ReadPage = (after: string | null) => Promise<DatedPage>

/**
 * Begins a file: resolves when its first page was read, so that what fails until then can still be answered as a problem. The lines are
 * generated as they are asked for, a page at a time, and nothing is held between pages, no connection either. Only a whole file gets its
 * last line.
 */
export async function beginFile(header: string, readPage: ReadPage): Promise<AsyncGenerator<string>> {
  const first = await readPage(null)
  return writeFile(header, first, readPage)
}

async function* writeFile(header: string, first: DatedPage, readPage: ReadPage): AsyncGenerator<string> {
  let page = first
  let { rows, asOf } = first
  yield header + page.lines
  while (page.next !== null) {
    page = await readPage(page.next)
    rows += page.rows
    // Pages may come from several replicas, and the file is as old as the oldest of them.
    if (asOf !== null && page.asOf !== null && page.asOf < asOf) asOf = page.asOf
    yield page.lines
  }
  yield trailerOf(rows, asOf)
}
