/** The path of a URL without its query, which may hold what nobody should see in a log. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}
