const form = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/

/** One URL per host of a URL that may name several, as libpq reads it: `postgres://user:pw@h1:5432,h2:5433/db`. */
export function hostUrls(url: string): [string, ...string[]] {
  const [, start = '', hosts = '', end = ''] = form.exec(url) ?? []
  if (!hosts.includes(',')) return [url]
  return hosts.split(',').map((host) => `${start}${host}${end}`) as [string, ...string[]]
}

/** `h1:5432` of a URL with one host, for logs: without user and password. */
export const hostOf = (url: string): string => form.exec(url)?.[2] ?? ''
