/** Rows to skip for a page; pages count from 1. */
export function pageOffset({ page, limit }: { page: number; limit: number }): number {
  return (page - 1) * limit
}

/** A numbered page of a list. `total` counts all rows; an empty list has no pages. */
export function numberedPage<Row>(data: readonly Row[], at: { total: number; page: number; limit: number }) {
  return { data: [...data], pagination: { ...at, totalPages: Math.ceil(at.total / at.limit) } }
}
