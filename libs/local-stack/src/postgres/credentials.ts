/**
 * The superuser's login, which is no secret: these servers listen on 127.0.0.1 only and hold invented data. A Kubernetes
 * cluster has its own in its secrets.
 */
export const superuser = { user: 'postgres', password: 'postgres' }
/** The login of the role that owns the database and may create others (tests do), but is no superuser. */
export const owner = { user: 'comanda', password: 'comanda' }

/** A postgres:// URL of a database on 127.0.0.1. @param ports several make a URL with several hosts */
export function postgresUrl(
  ports: number | readonly number[],
  database: string,
  role: { user: string; password: string } = owner,
): string {
  const hosts = [ports].flat().map((port) => `127.0.0.1:${port}`)
  return `postgres://${role.user}:${role.password}@${hosts.join(',')}/${database}`
}
