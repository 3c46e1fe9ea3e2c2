/**
 * Known to everyone on purpose: these servers listen on 127.0.0.1 only and hold invented data. A cluster gets its
 * own from its secrets.
 */
export const superuser = { user: 'postgres', password: 'postgres' }
/** Owns the database and may create others (tests do), but is no superuser. */
export const owner = { user: 'comanda', password: 'comanda' }

/** @param ports several make a URL with several hosts */
export function postgresUrl(
  ports: number | readonly number[],
  database: string,
  role: { user: string; password: string } = owner,
): string {
  const hosts = [ports].flat().map((port) => `127.0.0.1:${port}`)
  return `postgres://${role.user}:${role.password}@${hosts.join(',')}/${database}`
}
