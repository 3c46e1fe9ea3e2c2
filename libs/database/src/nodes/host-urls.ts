const form = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#]*)(.*)$/

/** Splits a URL that may name several hosts, in the form of libpq, into one URL per host: `postgres://user:pw@h1:5432,h2:5433/db`. */
export function hostUrls(url: string): [string, ...string[]] {
  const [, start = '', hosts = '', end = ''] = form.exec(url) ?? []
  if (!hosts.includes(',')) return [url]
  return hosts.split(',').map((host) => `${start}${host}${end}`) as [string, ...string[]]
}

/** The `h1:5432` of a URL with one host, without user and password, for logs; empty when it is no postgres:// URL. */
export const hostOf = (url: string): string => form.exec(url)?.[2] ?? ''
