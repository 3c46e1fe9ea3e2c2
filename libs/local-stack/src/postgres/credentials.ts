/**
 * Known to everyone on purpose: these servers listen on 127.0.0.1 only and hold invented data. A cluster gets its
 * own from its secrets.
 */
export const superuser = { user: 'postgres', password: 'postgres' }
/** Owns the database and may create others (tests do), but is no superuser. */
export const owner = { user: 'comanda', password: 'comanda' }

export function postgresUrl(
  port: number,
  database: string,
  role: { user: string; password: string } = owner,
): string {
  return `postgres://${role.user}:${role.password}@127.0.0.1:${port}/${database}`
}
