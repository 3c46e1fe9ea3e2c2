import type { Client } from 'pg'
import { ofNoExtension } from './of-extension.ts'

/**
 * A `GRANT` for each table or view and each role that may do something with it, by their names. The owner's own rights are left out: the
 * owner has all, or the dump is refused.
 */
export async function dumpGrants(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ text: string }>(`
    with relations as (
      select c.oid, c.relname, c.relowner, c.relacl from pg_class c
      where c.relkind in ('r', 'v') and c.relnamespace = current_schema()::regnamespace
        and ${ofNoExtension('pg_class', 'c.oid')}
    ), rights as (
      select c.oid, c.relname, a.grantee, a.is_grantable, a.privilege_type, null as columns
      from relations c, aclexplode(c.relacl) a where a.grantee <> c.relowner
      union all
      select c.oid, c.relname, a.grantee, a.is_grantable, a.privilege_type,
        format(' (%s)', string_agg(quote_ident(f.attname), ', ' order by f.attnum))
      from relations c join pg_attribute f on f.attrelid = c.oid, aclexplode(f.attacl) a
      group by c.oid, c.relname, a.grantee, a.is_grantable, a.privilege_type
    )
    select format('GRANT %s ON %s TO %s%s;',
      string_agg(privilege_type || coalesce(columns, ''), ', '
        order by array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], privilege_type), privilege_type),
      oid::regclass, case grantee when 0 then 'PUBLIC' else quote_ident(pg_get_userbyid(grantee)) end,
      case when is_grantable then ' WITH GRANT OPTION' end) as text
    from rights
    group by oid, relname, grantee, is_grantable
    order by relname, pg_get_userbyid(grantee), is_grantable
  `)
  return rows.length === 0 ? [] : [rows.map(({ text }) => text).join('\n')]
}
