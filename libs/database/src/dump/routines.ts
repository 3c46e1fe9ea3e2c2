import type { Client } from 'pg'
import { inDependencyOrder } from './in-dependency-order.ts'
import { ofNoExtension } from './of-extension.ts'

/** Functions and procedures, by name and arguments. */
export async function dumpFunctions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    select replace(pg_get_functiondef(oid), format(' %I.%I(', current_schema(), proname), format(' %I(', proname)) as text
    from pg_proc p where pronamespace = current_schema()::regnamespace and ${ofNoExtension('pg_proc', 'p.oid')}
    order by proname, pg_get_function_identity_arguments(oid)
  `)
  return rows.map(({ text }) => `${text.trimEnd()};`)
}

/** Views, each after those that it reads. */
export async function dumpViews(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; needs: string[]; text: string }>(`
    select c.oid::regclass::text as name, format(E'CREATE VIEW %s AS\\n%s', c.oid::regclass, pg_get_viewdef(c.oid, true)) as text,
      array(select distinct d.refobjid::regclass::text from pg_rewrite r
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
        where r.ev_class = c.oid and d.refobjid <> c.oid) as needs
    from pg_class c where c.relkind = 'v' and c.relnamespace = current_schema()::regnamespace
      and ${ofNoExtension('pg_class', 'c.oid')}
  `)
  return inDependencyOrder(rows).map(({ text }) => text)
}

/** Triggers, by table and name. */
export async function dumpTriggers(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    select pg_get_triggerdef(t.oid, true) || ';' as text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
    order by c.relname, t.tgname
  `)
  return rows.map(({ text }) => text)
}
