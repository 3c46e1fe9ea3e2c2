/** Keys and channels of what is made from one database, of a name of its own where several share a Redis. */
export function spaceOf(databaseUrl: string): string {
  const name = /^[^?]*\/([^/?]+)(\?|$)/.exec(databaseUrl)?.[1] ?? ''
  return `cache-${name}`
}
