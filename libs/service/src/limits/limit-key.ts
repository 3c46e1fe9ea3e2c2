import { createHash } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { normalizedEmail } from '../values/values.schema.ts'
import type { LimitScope } from './policies.ts'

const mostRemembered = 1000
const remembered = new Map<string, string>()

/** What an address counts as: itself, or the /64 of an IPv6 address, which is what one household gets. */
export function addressKey(address: string): string {
  const known = remembered.get(address)
  if (known !== undefined) return known
  const key = normalizeIP(address)
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(address, key)
  return key
}

/**
 * The key by which a request counts. A login counts by its `email` and the address, hashed, because keys of Redis end up in logs and dumps.
 */
export function limitKey(request: FastifyRequest, scope: LimitScope): string {
  const address = addressKey(request.ip)
  if (scope === 'user') return request.caller?.userId ?? address
  if (scope === 'address') return address
  const { email } = (request.body ?? {}) as { email?: unknown }
  const account = typeof email === 'string' ? normalizedEmail(email) : ''
  return createHash('sha256').update(`${account}\n${address}`).digest('base64url')
}
