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
  return ['DATABASE_URL', 'DATABASE_REPLICA_URLS'].flatMap((name) => {
    const urls = String(config[name] ?? '').match(/postgres(?:ql)?:\/\/.*?(?=$|,\w+=postgres)/g) ?? []
    if (urls.every(isProtected)) return []
    return [
      `${name} must have sslmode=verify-full (or another one that encrypts) for another host in production`,
    ]
  })
}

function isProtected(url: string): boolean {
  const [, hosts = '', query = ''] = /^\w+:\/\/(?:[^@/]*@)?([^/?]*)[^?]*\??(.*)$/.exec(url) ?? []
  const parameters = new URLSearchParams(query)
  const named = parameters.get('host') ?? hosts
  if (named.split(',').every((host) => isThisMachine(host.replace(/:\d+$/, '')))) return true
  return encrypted.has(parameters.get('sslmode') ?? '')
}

function redisRefusals(config: Config): string[] {
  if (config.REDIS_NODES === undefined || config.REDIS_PASSWORD !== undefined) return []
  const hosts = String(config.REDIS_NODES).split(',')
  if (hosts.every((host) => isThisMachine(host.replace(/:\d+$/, '')))) return []
  return ['REDIS_PASSWORD is missing: production takes no Redis on another host without one']
}

function proxyRefusals({ TRUST_PROXY: trusted = 'false' }: Config): string[] {
  const names = String(trusted).split(',')
  if (!names.some((name) => wideRanges.has(name.trim()))) return []
  return ['TRUST_PROXY must name the addresses of the proxies in production: others could claim any address']
}

/** Whether a host is this machine: loopback, or a socket in the file system. */
function isThisMachine(host: string): boolean {
  return /^(|localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|\/.*|%2F.*)$/i.test(host)
}
