import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { createChoices, createMenu } from './choices.ts'
import { createSlots } from './slots.ts'

export interface Plan {
  /** How many orders there are from `since` to `until`, and how many of them are still being served. */
  orders: number
  live: number
  /** The number of the first of them. */
  firstNumber: number
  seed: number
  /** ISO 8601. */
  since: string
  until: string
}

/** Makes the temporary tables and functions that every batch reads. */
export async function prepare(db: Kysely<Schema>, plan: Plan): Promise<void> {
  await drop(db)
  await createFunctions(db, plan.seed)
  await createSlots(db, plan)
  await createMenu(db)
  await createChoices(db)
}

/** Drops the temporary tables that `prepare` made, if they are there. */
export async function drop(db: Kysely<Schema>): Promise<void> {
  await sql`drop table if exists history_slots, history_menu, history_choices`.execute(db)
}

async function createFunctions(db: Kysely<Schema>, seed: number): Promise<void> {
  // A number in [0, 1) that depends on the order, on what it is for and on the seed.
  await sql`
    create or replace function pg_temp.draw(n bigint, purpose text) returns float8 language sql immutable as $$
      select (hashint8extended(n, hashtextextended(purpose, ${sql.lit(seed)})) & 1073741823) / 1073741824.0::float8
    $$`.execute(db)
  // A UUIDv7: the time in milliseconds, then as good as random. The version is 7, the variant the two highest bits of the second half.
  await sql`
    create or replace function pg_temp.id_at(at timestamptz, n bigint, purpose text) returns uuid language sql stable as $$
      select (substr(to_hex(281474976710656 + (date_part('epoch', at) * 1000)::bigint), 2)
        || to_hex(28672 | (hashint8extended(n, hashtextextended(purpose, ${sql.lit(seed)})) & 4095))
        || to_hex((1::bigint << 63) | (hashint8extended(n, hashtextextended(purpose, ${sql.lit(-1 - seed)})) & 4611686018427387903)))::uuid
    $$`.execute(db)
}
