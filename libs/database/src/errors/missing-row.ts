/**
 * Whether a statement failed because a row that its foreign keys name by this id does not exist. Only the values of the key in Postgres'
 * detail are compared, because the words around them are in the language of the server.
 */
export function isMissing(error: unknown, id: string): boolean {
  if (!(error instanceof Error)) return false
  const { code, detail } = error as { code?: unknown; detail?: unknown }
  return code === '23503' && typeof detail === 'string' && detail.includes(`=(${id})`)
}
