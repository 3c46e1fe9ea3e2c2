import type { Client } from 'pg'
import { readOnlyServices, roleOf, type ServiceWithRole, servicesWithRoles } from './rights.ts'

const readOnly = 'default_transaction_read_only'

/**
 * Makes the roles of the services that are missing, without a login, where this user may make roles. To be called within a transaction.
 * @param say called with what an administrator has to do, when this user may not
 * @returns the services that have their role
 */
export async function ensureRoles(client: Client, say: (line: string) => void): Promise<ServiceWithRole[]> {
  const before = await readRoles(client)
  for (const service of servicesWithRoles.filter((service) => !before.has(service)))
    await attempt(client, `create role ${roleOf(service)}`)
  for (const service of readOnlyServices.filter((service) => !before.get(service)?.readOnly))
    await attempt(client, `alter role ${roleOf(service)} set ${readOnly} = on`)

  const roles = await readRoles(client)
  const missing = servicesWithRoles.filter((service) => !roles.has(service))
  if (missing.length > 0) {
    const names = missing.map(roleOf)
    const remedy = names.map((name) => `create role ${name} login password '…';`).join(' ')
    say(
      `The database has no role ${names.join(', ')}, and this user may not make roles. A service without its role can log in as the owner only. An administrator of the server makes them, then migrate again: ${remedy}`,
    )
  }
  for (const service of readOnlyServices.filter((service) => roles.get(service)?.readOnly === false))
    say(
      `Transactions of ${roleOf(service)} do not begin as read-only ones. An administrator of the server runs: alter role ${roleOf(service)} set ${readOnly} = on;`,
    )
  return servicesWithRoles.filter((service) => roles.has(service))
}

async function readRoles(client: Client): Promise<Map<ServiceWithRole, { readOnly: boolean }>> {
  const { rows } = await client.query<{ name: string; readOnly: boolean }>(
    `select rolname as name, coalesce(rolconfig @> array['${readOnly}=on'], false) as "readOnly" from pg_roles
     where rolname = any ($1)`,
    [servicesWithRoles.map(roleOf)],
  )
  const found = new Map(rows.map(({ name, ...role }) => [name, role]))
  return new Map(
    servicesWithRoles.flatMap((service) => {
      const role = found.get(roleOf(service))
      return role === undefined ? [] : [[service, role]]
    }),
  )
}

/** Runs a statement that this user may not be allowed to run, or that another process may run for another database of the server now. */
const attempt = (client: Client, statement: string) =>
  client.query(`do $$ begin
    ${statement};
  exception when insufficient_privilege or duplicate_object or unique_violation or undefined_object then null;
  end $$`)
