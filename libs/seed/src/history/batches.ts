import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'
import { type Batch, beginBatch, endBatch } from './batch.ts'
import type { Period } from './period.ts'

/**
 * Inserts the batches of a period, as many at a time as there are connections, each in a transaction. They are committed one after the
 * other, so that what a killed run leaves are always the orders with the lowest numbers.
 */
export async function insertBatches(connections: readonly Kysely<Schema>[], period: Period): Promise<void> {
  const batches = listBatches(period)
  let committed: Promise<void> = Promise.resolve()
  let stopped = false

  async function insertNext(connection: Kysely<Schema>): Promise<void> {
    const batch = stopped ? undefined : batches.shift()
    if (batch === undefined) return
    const before = committed
    const own = connection.transaction().execute(async (tx) => {
      await beginBatch(tx, batch)
      await before
      await endBatch(tx)
    })
    committed = own
    await own
    period.onProgress(batch.last - period.firstNumber + 1)
    return insertNext(connection)
  }

  const results = await Promise.allSettled(
    connections.map(async (connection) => {
      try {
        await insertNext(connection)
      } finally {
        // Whoever ends early has failed, or there are no more.
        stopped = true
      }
    }),
  )
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

function listBatches({ orders, firstNumber, until, known, batchSize }: Period): Batch[] {
  const batches: Batch[] = []
  const end = firstNumber + orders - 1
  for (let first = firstNumber + known; first <= end; first += batchSize)
    batches.push({ first, last: Math.min(first + batchSize - 1, end), until })
  return batches
}
