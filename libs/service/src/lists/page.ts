import { validationFailed } from '../problems/validation-failed.ts'

/** Numbered pages reach so many rows: skipping and counting them takes time that grows with the list, which a cursor does not. */
export const mostNumberedRows = 10_000

/**
 * Rows to skip for a page; pages count from 1.
 * @throws AppError `validation_failed` for a page beyond `mostNumberedRows`
 */
export function pageOffset({ page, limit }: { page: number; limit: number }): number {
  const most = Math.ceil(mostNumberedRows / limit)
  if (page > most) {
    const message = `must be at most ${most} with this limit; nextCursor leads further`
    throw validationFailed([{ field: 'page', message }])
  }
  return (page - 1) * limit
}

/**
 * A numbered page of a list.
 * @param at.total how many rows there are, counted at least up to one more than `mostNumberedRows`
 */
export function numberedPage<Row>(data: readonly Row[], at: { total: number; page: number; limit: number }) {
  const { page, limit } = at
  const total = Math.min(at.total, mostNumberedRows)
  const totalIsExact = at.total <= mostNumberedRows
  const totalPages = Math.ceil(total / limit)
  return { data: [...data], pagination: { total, totalIsExact, page, limit, totalPages } }
}
