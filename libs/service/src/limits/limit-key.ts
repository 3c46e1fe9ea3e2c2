import { createHash } from 'node:crypto'
import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import type { LimitScope } from './policies.ts'

/**
 * By whom a request counts. Addresses of IPv6 count by their /64, which is what one household gets. A login counts by its
 * `email` and the address, hashed, because keys of Redis end up in logs and dumps.
 */
export function limitKey(request: FastifyRequest, scope: LimitScope): string {
  const address = normalizeIP(request.ip)
  if (scope === 'user') return request.caller?.userId ?? address
  if (scope === 'address') return address
  const { email } = (request.body ?? {}) as { email?: unknown }
  const account = typeof email === 'string' ? email.trim().toLowerCase() : ''
  return createHash('sha256').update(`${account}\n${address}`).digest('base64url')
}
