import type { Client } from 'pg'
import { ofNoExtension } from './of-extension.ts'

/** A column, as far as it says how tables belong together. */
export interface KeyColumn {
  table: string
  name: string
  /** The short name of its type in Postgres, such as `int8`; the name of the domain when it has one. */
  type: string
  nullable: boolean
  primary: boolean
  /** Whether it is part of a unique constraint. */
  unique: boolean
  /** Whether no two rows have the same value of it. */
  distinct: boolean
  /** The table to which its foreign key refers; null without one. */
  refersTo: string | null
}

/** All columns of all tables, by table and position. */
export async function readKeyColumns(client: Client): Promise<KeyColumn[]> {
  const { rows } = await client.query<KeyColumn>(`
    select c.relname as table, a.attname as name, t.typname as type, not a.attnotnull as nullable,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey)) as primary,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'u' and a.attnum = any (k.conkey)) as unique,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u') and k.conkey = array[a.attnum]) as distinct,
      (select f.relname from pg_constraint k join pg_class f on f.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]) as "refersTo"
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and ${ofNoExtension('pg_class', 'c.oid')}
    order by c.relname, a.attnum
  `)
  return rows
}
