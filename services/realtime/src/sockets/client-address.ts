import type { IncomingMessage } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'

/** Finds the address of a client by `TRUST_PROXY`, as Fastify does for requests. */
export function createClientAddress(trustProxy: string): (request: IncomingMessage) => string {
  const trusted =
    trustProxy === 'true' || trustProxy === 'false'
      ? () => trustProxy === 'true'
      : proxyAddress.compile(trustProxy.split(',').map((address) => address.trim()))
  return (request) => proxyAddress(request, trusted)
}
