import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddress from '@fastify/proxy-addr'

/** Makes a function that finds the address of a client by the rule of `TRUST_PROXY`, as Fastify does for requests; '' when it is gone. */
export function createClientAddress(trustProxy: string): (request: IncomingMessage) => string {
  if (trustProxy === 'false') return (request) => request.socket.remoteAddress ?? ''
  const trusted =
    trustProxy === 'true'
      ? () => true
      : proxyAddress.compile(trustProxy.split(',').map((address) => address.trim()))
  return (request) => {
    keepAddresses(request)
    return proxyAddress(request, trusted)
  }
}

/**
 * Takes out of `x-forwarded-for` what is no address, and all that is said to come before it: a proxy writes addresses to the right of
 * what its client sent, which may be anything.
 */
export function keepAddresses({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const given = headers['x-forwarded-for']
  if (given === undefined) return
  const names = String(given)
    .split(',')
    .map((name) => name.trim())
  const wrong = names.findLastIndex((name) => isIP(name) === 0)
  if (wrong !== -1) headers['x-forwarded-for'] = names.slice(wrong + 1).join(', ')
  if (headers['x-forwarded-for'] === '') delete headers['x-forwarded-for']
}
