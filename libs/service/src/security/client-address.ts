import type { IncomingMessage } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'

/** The address of a client as `TRUST_PROXY` says, the same as Fastify finds for requests. */
export function createClientAddress(trustProxy: string): (request: IncomingMessage) => string {
  if (trustProxy === 'false') return (request) => request.socket.remoteAddress ?? ''
  const trusted =
    trustProxy === 'true'
      ? () => true
      : proxyAddress.compile(trustProxy.split(',').map((address) => address.trim()))
  return (request) => proxyAddress(request, trusted)
}
