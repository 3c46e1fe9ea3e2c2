import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import type { Aggregates } from './from-scratch.ts'
import { microseconds } from './local-time.ts'

type Row = Record<string, unknown>

/** Reads the rollups of some cafeterias in the form of `aggregateFromScratch`: without sums that are 0. */
export async function readRollups(db: Kysely<Schema>, cafeteriaIds: readonly string[]): Promise<Aggregates> {
  async function read(table: keyof Schema, key: string[]) {
    const { rows } = await sql<Row>`
      select * from ${sql.table(table)} where cafeteria_id = any (${cafeteriaIds}::uuid[])`.execute(db)
    const entries = rows.map((row): [string, Record<string, number>] => [
      key.map((column) => (column === 'hour' ? microseconds(String(row[column])) : row[column])).join(' '),
      Object.fromEntries(
        Object.entries(row)
          .filter(([column]) => !key.includes(column))
          .flatMap(([column, value]) => flatten(column, value))
          .filter(([, value]) => value !== 0)
          .toSorted(),
      ),
    ])
    return Object.fromEntries(entries.filter(([, row]) => Object.keys(row).length > 0).toSorted())
  }
  return {
    hours: await read('rollupHours', ['cafeteriaId', 'day', 'hour', 'localHour']),
    days: await read('rollupDays', ['cafeteriaId', 'day']),
    products: await read('rollupProducts', ['cafeteriaId', 'day', 'productId']),
    statuses: await read('rollupStatuses', ['cafeteriaId', 'day', 'status']),
    payments: await read('rollupPayments', ['cafeteriaId', 'day', 'method', 'outcome']),
    customers: await read('customers', ['cafeteriaId', 'userId', 'firstDay', 'lastDay']),
  }
}

/** An array becomes a sum for each of its elements: `hours` by hour from 0, histograms by bucket from 1. */
function flatten(column: string, value: unknown): [string, number][] {
  if (column === 'hours')
    return (value as number[]).map((quantity, hour): [string, number] => [`hour ${hour}`, quantity])
  if (Array.isArray(value)) {
    if (value.at(-1) === 0) return [[`${column} ends with 0`, 1]]
    return value.map((times: number, index): [string, number] => [`${column} ${index + 1}`, times])
  }
  return [[column, typeof value === 'string' ? microseconds(value) : Number(value)]]
}
