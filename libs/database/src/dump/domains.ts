import type { Client } from 'pg'
import { ofNoExtension } from './of-extension.ts'

/** `CREATE DOMAIN` for each domain, by name. */
export async function dumpDomains(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    select format('CREATE DOMAIN %I AS %s%s%s;', t.typname, format_type(t.typbasetype, t.typtypmod),
      case when t.typdefault is not null then ' DEFAULT ' || t.typdefault end,
      (select string_agg(format(E'\\n  CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid, true)), '' order by c.conname)
        from pg_constraint c where c.contypid = t.oid)) as text
    from pg_type t
    where t.typtype = 'd' and t.typnamespace = current_schema()::regnamespace
      and ${ofNoExtension('pg_type', 't.oid')}
    order by t.typname
  `)
  return rows.map(({ text }) => text)
}
