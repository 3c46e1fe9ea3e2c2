import type { Client } from 'pg'
import { ensureRoles } from './ensure-roles.ts'
import { rights, roleOf, type ServiceWithRole } from './rights.ts'

/**
 * Gives the roles of the services what `rights` lists, and takes away whatever else they had, so that the result is the list however often
 * it runs. Nobody else can see it half done, because it is to be called within a transaction.
 * @param say called with what an administrator has to do, when a role is missing
 */
export async function grantRights(client: Client, say: (line: string) => void): Promise<void> {
  await protectDatabase(client)
  const services = await ensureRoles(client, say)
  if (services.length === 0) return
  const roles = services.map(roleOf).join(', ')
  await client.query(`
    revoke all on all tables in schema public from public, ${roles};
    grant usage on schema public to ${roles};
    ${services.flatMap(listGrants).join(';\n')}
  `)
}

const listGrants = (service: ServiceWithRole) =>
  Object.entries(rights).flatMap(([table, { [service]: privileges }]) =>
    privileges === undefined ? [] : `grant ${privileges} on ${table} to ${roleOf(service)}`,
  )

/**
 * Takes from everybody what Postgres, or a release of it before 15, gives to everybody: to make objects in the schema, and temporary
 * tables, behind whose names the real ones would hide for as long as a pooled connection lives. Only the database's owner can.
 */
const protectDatabase = (client: Client) =>
  client.query(`do $$ begin
    if has_database_privilege('public', current_database(), 'temporary') then
      execute format('revoke temporary on database %I from public', current_database());
    end if;
    if has_schema_privilege('public', 'public', 'create') then
      revoke create on schema public from public;
    end if;
  exception when insufficient_privilege then null;
  end $$`)
