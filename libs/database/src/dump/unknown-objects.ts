import type { Client } from 'pg'
import { ofNoExtension } from './of-extension.ts'

/** Objects that a dump leaves out, or writes as if they were plainer. pg_stat_statements is allowed: it belongs to the server. So are the extensions of `dumpExtensions`. */
const unknown = `
  select format('schema %I', nspname) as object from pg_namespace
  where nspname !~ '^pg_' and nspname not in ('information_schema', current_schema())
  union all select format('extension %I', extname) from pg_extension where extname not in ('plpgsql', 'pg_stat_statements', 'pg_trgm')
  union all select format('event trigger %I', evtname) from pg_event_trigger
  union all select pg_describe_object(d.classid, d.objid, 0) from pg_depend d
  where d.refclassid = 'pg_namespace'::regclass and d.refobjid = current_schema()::regnamespace
    and d.classid not in ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_extension'::regclass)
    and not exists (select from pg_depend e where e.classid = d.classid and e.objid = d.objid and e.deptype = 'e')
  union all select pg_describe_object('pg_class'::regclass, c.oid, 0) from pg_class c
  where c.relnamespace = current_schema()::regnamespace and ${ofNoExtension('pg_class', 'c.oid')} and (
    c.relkind not in ('r', 'v', 'i', 'S') or c.relpersistence <> 'p' or c.relispartition or c.relrowsecurity
    or c.relkind = 'S' and c.relacl <> acldefault('s', c.relowner)
    or c.relkind <> 'S' and not c.relacl @> (acldefault('r', c.relowner))[1]
    or c.relkind <> 'r' and c.reloptions is not null
    or c.relkind = 'S' and not exists (select from pg_depend d join pg_sequence s on s.seqrelid = c.oid
      where d.objid = c.oid and d.deptype = 'i' and (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle) = (1, 1, 1, 1, false)))
  union all select pg_describe_object('pg_type'::regclass, t.oid, 0) from pg_type t
  where t.typnamespace = current_schema()::regnamespace and ${ofNoExtension('pg_type', 't.oid')} and (t.typtype not in ('b', 'c', 'd') or t.typacl is not null or t.typnotnull)
  union all select pg_describe_object('pg_proc'::regclass, p.oid, 0) from pg_proc p
  where p.pronamespace = current_schema()::regnamespace and ${ofNoExtension('pg_proc', 'p.oid')}
    and (p.prokind not in ('f', 'p') or p.prosqlbody is not null or p.proacl is not null)
  union all select format('%I of %s', a.attname, a.attrelid::regclass)
  from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    and (a.attgenerated not in ('', 's') or a.attcompression <> '' or a.attstorage <> t.typstorage or a.attstattarget is not null
      or a.attoptions is not null or a.attinhcount > 0)
  union all select format('constraint %I', conname) from pg_constraint
  where connamespace = current_schema()::regnamespace and contype = 'n' and not convalidated
  union all select format('index %s', indexrelid::regclass) from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = current_schema()::regnamespace and (not indisvalid or indisclustered or indisreplident)
  union all select format('trigger %I', tgname) from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = current_schema()::regnamespace and tgenabled <> 'O'
  union all select format('rule %I', rulename) from pg_rewrite r join pg_class c on c.oid = r.ev_class
  where c.relnamespace = current_schema()::regnamespace and ${ofNoExtension('pg_class', 'c.oid')} and rulename <> '_RETURN'
  union all select format('policy %I', polname) from pg_policy
  union all select format('comment %L', c.description) from pg_description c
  where c.objoid >= 16384 and c.classoid not in ('pg_largeobject'::regclass, 'pg_extension'::regclass)
`

/** @throws Error that names every object of the database that a dump would not show */
export async function refuseUnknownObjects(client: Client): Promise<void> {
  const { rows } = await client.query<{ object: string }>(
    `select distinct object from (${unknown}) order by object`,
  )
  if (rows.length === 0) return
  const objects = rows.map(({ object }) => object).join(', ')
  throw new Error(`libs/database/src/dump does not know how to write: ${objects}`)
}
