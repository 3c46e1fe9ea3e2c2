import { isIPv4 } from 'node:net'
import type { TObject } from 'typebox'
import { isWeakSecret } from './weak-secret.ts'

type Config = Record<string, unknown>

const shortestSecret = 32
const timeOuts = ['REQUEST_TIMEOUT_SECONDS', 'CONNECTION_TIMEOUT_SECONDS', 'HANDLER_TIMEOUT_SECONDS']
/** What proxy-addr takes for whole ranges that clients have addresses of too. */
const wideRanges = new Set(['true', 'uniquelocal', 'linklocal'])
const encrypted = new Set(['require', 'prefer', 'verify-ca', 'verify-full', 'no-verify'])

/** Lists, in sentences that repeat no value, what of a configuration production refuses. */
export function productionRefusals(schema: TObject, config: Config): string[] {
  return [
    ...(config.RATE_LIMITS === 'off' ? ['RATE_LIMITS must be on in production'] : []),
    ...secretRefusals(schema, config),
    ...databaseRefusals(config),
    ...redisRefusals(config),
    ...timeOuts
      .filter((name) => config[name] === 0)
      .map((name) => `${name} must not be 0, which is unbounded, in production`),
    ...proxyRefusals(config),
  ]
}

function secretRefusals(schema: TObject, config: Config): string[] {
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    const { secret, default: fallback } = property as { secret?: boolean; default?: unknown }
    const value = config[name]
    if (!secret || typeof value !== 'string') return []
    if (value.trim() === '') return [`${name} must not be blank`]
    // A password is somebody else's choice, and only its strength is not ours to judge.
    if (fallback === undefined) return []
    if (value === fallback) return [`${name} must not be the development default in production`]
    if (value.length < shortestSecret)
      return [`${name} must have at least ${shortestSecret} characters in production`]
    if (isWeakSecret(value))
      return [`${name} must be random in production, such as what \`openssl rand -base64 32\` prints`]
    return []
  })
}

function databaseRefusals(config: Config): string[] {
  const urls = {
    DATABASE_URL: [String(config.DATABASE_URL ?? '')],
    // Each follows its purpose: catalogue=postgres://…
    DATABASE_REPLICA_URLS: String(config.DATABASE_REPLICA_URLS ?? '')
      .split(',')
      .map((entry) => entry.slice(entry.indexOf('=') + 1)),
  }
  return Object.entries(urls)
    .filter(([, given]) => !given.every(isProtected))
    .map(
      ([name]) =>
        `${name} must have sslmode=verify-full (or another one that encrypts) for another host in production`,
    )
}

function isProtected(url: string): boolean {
  const [address = '', query = ''] = url.split('?')
  const parameters = new URLSearchParams(query)
  const [authority = ''] = address.slice(address.indexOf('//') + 2).split('/')
  const hosts = parameters.get('host') ?? authority.split('@').at(-1) ?? ''
  if (url === '' || hosts.split(',').every(isThisMachine)) return true
  return encrypted.has(parameters.get('sslmode') ?? '')
}

function redisRefusals(config: Config): string[] {
  if (config.REDIS_NODES === undefined || config.REDIS_PASSWORD !== undefined) return []
  const hosts = String(config.REDIS_NODES).split(',')
  if (hosts.every(isThisMachine)) return []
  return ['REDIS_PASSWORD is missing: production takes no Redis on another host without one']
}

function proxyRefusals({ TRUST_PROXY: trusted = 'false' }: Config): string[] {
  const names = String(trusted).split(',')
  if (!names.some((name) => wideRanges.has(name.trim()))) return []
  return ['TRUST_PROXY must name the addresses of the proxies in production: others could claim any address']
}

/** Whether a host, with its port or without, is this machine: loopback, or a socket in the file system. */
function isThisMachine(address: string): boolean {
  const host = address.replace(/:\d{1,5}$/, '').toLowerCase()
  if (['', 'localhost', '[::1]', '::1'].includes(host) || host.startsWith('/')) return true
  return host.startsWith('%2f') || (isIPv4(host) && host.startsWith('127.'))
}
