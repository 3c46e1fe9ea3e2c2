import type { IncomingMessage } from 'node:http'

/** Paths that this API has never had, and that only programs which look for holes ask for. */
const probedPath =
  /\/\.(env|git|svn|aws|ssh|ht|DS_Store)|\/(wp-|phpmyadmin|cgi-bin\/|vendor\/phpunit|actuator\/)|\.(php|aspx?|jsp|cgi)(\/|$)|\.\.(\/|\\)|%2e%2e|<|%3c/i
const mostRemembered = 1000

/**
 * Makes a function that says whether a request comes from a program that looks for holes, by its `user-agent` or its path. The query is
 * left alone, because it may hold what somebody searches for. It keeps out what does not hide, and saves its traffic; nothing relies on it.
 * @param names parts of names of such programs, in any case, separated by commas; none when empty
 */
export function createClientFilter(
  names: string,
): (request: Pick<IncomingMessage, 'url' | 'headers'>) => boolean {
  const parts = names
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const remembered = new Map<string, boolean>()

  function isScanner(agent: string): boolean {
    const known = remembered.get(agent)
    if (known !== undefined) return known
    const name = agent.toLowerCase()
    const found = parts.some((part) => name.includes(part))
    if (remembered.size >= mostRemembered) remembered.clear()
    // Longer names are not worth their memory.
    if (agent.length <= 300) remembered.set(agent, found)
    return found
  }

  return ({ url = '', headers }) =>
    isScanner(headers['user-agent'] ?? '') || probedPath.test(url.split('?', 1)[0] as string)
}
