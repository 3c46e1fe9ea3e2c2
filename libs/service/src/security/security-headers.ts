import helmet from '@fastify/helmet'
import fastify from 'fastify'

const yearSeconds = 31_536_000

/** An API answers data: nothing in an answer may load, frame or post anything. */
const apiPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
}

/** Of the probe's answer, not of helmet. */
const transportHeaders = new Set(['date', 'connection', 'transfer-encoding', 'content-length'])

/**
 * The headers of @fastify/helmet (SEC-2), asked for once: they never change, and setting thirteen headers one by one on
 * every response halves the throughput of a small route. Its headers for browsers that are gone are left out.
 */
export const securityHeaders: Readonly<Record<string, string>> = await findSecurityHeaders()

async function findSecurityHeaders(): Promise<Record<string, string>> {
  const probe = fastify()
  await probe.register(helmet, {
    contentSecurityPolicy: apiPolicy,
    strictTransportSecurity: { maxAge: yearSeconds, includeSubDomains: true, preload: true },
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  probe.get('/', (_request, reply) => reply.hijack().raw.end())
  const response = await probe.inject('/')
  await probe.close()
  const own = Object.entries(response.headers).filter(([name]) => !transportHeaders.has(name))
  return Object.fromEntries(own) as Record<string, string>
}

/** The policy of the documentation page: it loads its own scripts and styles, none of them inline, and asks its own API. */
export const docsPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
