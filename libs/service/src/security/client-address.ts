import type { IncomingMessage } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'

/** Makes a function that finds the address of a client by the rule of `TRUST_PROXY`, as Fastify does for requests; '' when it is gone. */
export function createClientAddress(trustProxy: string): (request: IncomingMessage) => string {
  if (trustProxy === 'false') return (request) => request.socket.remoteAddress ?? ''
  const trusted =
    trustProxy === 'true'
      ? () => true
      : proxyAddress.compile(trustProxy.split(',').map((address) => address.trim()))
  return (request) => proxyAddress(request, trusted)
}
