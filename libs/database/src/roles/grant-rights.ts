import type { Client } from 'pg'
import { ensureRoles } from './ensure-roles.ts'
import { rights, roleOf, type ServiceWithRole } from './rights.ts'

/**
 * Gives the roles of the services what `rights` lists, and takes away whatever else they had, so that the result is the list however often
 * it runs. Nobody else can see it half done, because it is to be called within a transaction.
 * @param say called with what an administrator has to do, when a role is missing
 */
export async function grantRights(client: Client, say: (line: string) => void): Promise<void> {
  const services = await ensureRoles(client, say)
  const everybody = ['public', ...services.map(roleOf)]
  await protectDatabase(client, everybody)
  if (services.length === 0) return
  const roles = services.map(roleOf).join(', ')
  await client.query(`
    revoke all on schema public from ${roles};
    revoke all on all tables in schema public from ${everybody.join(', ')};
    revoke all on all sequences in schema public from ${everybody.join(', ')};
    grant usage on schema public to ${roles};
    ${services.flatMap(listGrants).join(';\n')}
  `)
}

const listGrants = (service: ServiceWithRole) =>
  Object.entries(rights).flatMap(([table, { [service]: privileges }]) =>
    privileges === undefined ? [] : `grant ${privileges} on ${table} to ${roleOf(service)}`,
  )

/**
 * Takes from everybody what Postgres, or a release of it before 15, gives to everybody, and from the services what was given by hand: to
 * make objects in the schema, and temporary tables, behind whose names the real ones would hide for as long as a pooled connection
 * lives. The one needs the owner of the database and the other that of the schema, so that each may be refused without the other.
 */
async function protectDatabase(client: Client, everybody: readonly string[]): Promise<void> {
  const roles = everybody.join(', ')
  const mayAny = (condition: string) =>
    `exists (select from unnest('{${roles}}'::text[]) as role where ${condition})`
  await client.query(`do $$ begin
    begin
      if ${mayAny(`has_database_privilege(role, current_database(), 'create, temporary')`)} then
        execute format('revoke create, temporary on database %I from ${roles}', current_database());
      end if;
    exception when insufficient_privilege then null;
    end;
    begin
      if ${mayAny(`has_schema_privilege(role, 'public', 'create')`)} then
        revoke create on schema public from ${roles};
      end if;
    exception when insufficient_privilege then null;
    end;
  end $$`)
}
