/**
 * The superuser's login, which is no secret: these servers listen on 127.0.0.1 only and hold invented data. A Kubernetes
 * cluster has its own in its secrets.
 */
export const superuser = { user: 'postgres', password: 'postgres' }
/** The login of the role that owns the database and may create others (tests do), but is no superuser. */
export const owner = { user: 'comanda', password: 'comanda' }

/** The services that log in as a role of their own, which owns nothing. */
const servicesWithRoles: readonly string[] = ['orders', 'worker', 'realtime', 'analytics']
/** The logins of the services that have one: the role's name, which is its password too. */
export const serviceLogins = new Map(
  servicesWithRoles.map((service) => [
    service,
    { user: `comanda_${service}`, password: `comanda_${service}` },
  ]),
)

/** Changes every login as the owner in a text, such as an URL or a list of them, to that of a service, if it has one. */
export function asService(text: string, service: string): string {
  const login = serviceLogins.get(service)
  return login === undefined ? text : text.replaceAll(userOf(owner), userOf(login))
}

/** Changes the login of a service in a text to that of the owner. */
export function asOwner(text: string): string {
  return [...serviceLogins.values()].reduce(
    (url, login) => url.replaceAll(userOf(login), userOf(owner)),
    text,
  )
}

const userOf = ({ user, password }: { user: string; password: string }) => `://${user}:${password}@`

/** A postgres:// URL of a database on 127.0.0.1. @param ports several make a URL with several hosts */
export function postgresUrl(
  ports: number | readonly number[],
  database: string,
  role: { user: string; password: string } = owner,
): string {
  const hosts = [ports].flat().map((port) => `127.0.0.1:${port}`)
  return `postgres://${role.user}:${role.password}@${hosts.join(',')}/${database}`
}
