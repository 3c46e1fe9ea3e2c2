import type { Client } from 'pg'
import { ofNoExtension } from '../dump/of-extension.ts'

/** A column as the database has it. */
export interface DatabaseColumn {
  table: string
  name: string
  /** Its type, or that of its domain or array's elements. */
  type: string
  array: boolean
  /** Null for a view, whose columns say neither. */
  nullable: boolean | null
  /** Whether an insert may leave it out. */
  generated: boolean | null
}

/** Reads the columns of all tables and views, by table and position, with names as Kysely has them. */
export async function readColumns(client: Client): Promise<DatabaseColumn[]> {
  const { rows } = await client.query<DatabaseColumn>(`
    select c.relname as table, a.attname as name, coalesce(element.typname, base.typname, t.typname) as type,
      element.oid is not null as array,
      case when c.relkind = 'r' then not a.attnotnull end as nullable,
      case when c.relkind = 'r' then a.atthasdef or a.attidentity <> '' end as generated
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
    left join pg_type base on base.oid = t.typbasetype
    left join pg_type element on element.oid = t.typelem and t.typcategory = 'A'
    where c.relkind in ('r', 'v') and c.relnamespace = current_schema()::regnamespace and ${ofNoExtension('pg_class', 'c.oid')}
    order by c.relname, a.attnum
  `)
  return rows.map((column) => ({ ...column, table: camelCase(column.table), name: camelCase(column.name) }))
}

const camelCase = (name: string) =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
