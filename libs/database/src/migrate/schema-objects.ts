import type { Client } from 'pg'
import { ofNoExtension } from '../dump/of-extension.ts'

/**
 * Lists functions, triggers and views of our schema, except those of extensions. A key names one as `drop` takes it, such as `view
 * relayed_orders`; its value is where the row in Postgres' catalogue is, which changes whenever the object is made anew.
 */
export async function listObjects(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ object: string; row: string }>(`
    select format('%s %s', case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure) as object,
      p.ctid::text as row
    from pg_proc p
    where p.pronamespace = current_schema()::regnamespace
      and ${ofNoExtension('pg_proc', 'p.oid')}
    union all
    select format('view %s', c.oid::regclass), r.ctid::text
    from pg_class c join pg_rewrite r on r.ev_class = c.oid and r.rulename = '_RETURN'
    where c.relkind = 'v' and c.relnamespace = current_schema()::regnamespace
      and ${ofNoExtension('pg_class', 'c.oid')}
    union all
    select format('trigger %I on %s', t.tgname, c.oid::regclass), t.ctid::text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
  `)
  return new Map(rows.map(({ object, row }) => [object, row]))
}

const dropOrder = ['trigger', 'view', 'procedure', 'function']

/** Drops objects that `listObjects` named, in an order in which none is needed by a later one. */
export async function dropObjects(client: Client, objects: Iterable<string>): Promise<void> {
  const rank = (object: string) => dropOrder.findIndex((kind) => object.startsWith(`${kind} `))
  for (const object of [...objects].toSorted((a, b) => rank(a) - rank(b)))
    await client.query(`drop ${object}`)
}
