import type { Queryable } from './compatibility.ts'

/** Why a service must not run as it is logged in, and what to do. */
export const ownerLoginProblem =
  'The service logs in as the owner of the tables, who can rewrite history. Give DATABASE_URL the login of its own role (docs/database-roles.md), or set DATABASE_OWNER_LOGIN=allow.'

/** Whether the user of a connection has the rights of the owner of the tables: is the owner, a member of that role, or a superuser. */
export async function isOwnerLogin(client: Queryable): Promise<boolean> {
  const { rows } = await client.query(
    `select pg_has_role(relowner, 'usage') as owns from pg_class where oid = 'schema_version'::regclass`,
    [],
  )
  return (rows[0] as { owns: boolean } | undefined)?.owns ?? false
}
