import { Type } from 'typebox'
import type { Service } from '../service.ts'
import { Health, Liveness, Readiness } from './health.schema.ts'
import { type HealthCheck, overallStatus, runChecks } from './health-check.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds to the checks of `/health` and, if the service needs it, of its readiness. */
    addHealthCheck: (check: HealthCheck) => void
  }
}

export interface HealthOptions {
  name: string
  version: string
  checks: HealthCheck[]
  /** Time-out of one check. */
  timeoutMs: number
}

const config = { access: 'public', limit: 'none', unsheddable: true, quiet: true } as const
const tags = ['health']

/** Adds `/health`, `/health/live` and `/health/ready`. Probes must always get an answer, so these routes are not limited, not shed, and each check is bounded. */
export function registerHealthRoutes(
  app: Service,
  { name, version, checks, timeoutMs }: HealthOptions,
): void {
  app.decorate('addHealthCheck', (check) => void checks.push(check))
  for (const schema of [Health, Liveness, Readiness]) app.addSchema(schema)

  app.get(
    '/health',
    {
      config,
      schema: {
        operationId: 'getHealth',
        summary: 'Health of the service and of everything it depends on',
        tags,
        response: { 200: Type.Ref('Health#'), 503: Type.Ref('Health#') },
      },
    },
    async (_request, reply) => {
      const entries = await runChecks(checks, timeoutMs)
      const status = overallStatus(checks, entries)
      reply.code(status === 'unhealthy' ? 503 : 200).header('cache-control', 'no-store')
      return {
        status,
        service: name,
        version,
        timestamp: new Date().toISOString(),
        uptime: Math.round(process.uptime() * 10) / 10,
        checks: entries,
      }
    },
  )

  app.get(
    '/health/live',
    {
      config,
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether the process runs; restart it when this fails',
        tags,
        response: { 200: Type.Ref('Liveness#') },
      },
    },
    async () => ({ status: 'alive' }),
  )

  app.get(
    '/health/ready',
    {
      config,
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether the service takes traffic',
        tags,
        response: { 200: Type.Ref('Readiness#'), 503: Type.Ref('Readiness#') },
      },
    },
    async (_request, reply) => {
      if (app.draining) return reply.code(503).send({ status: 'draining', unhealthy: [] })
      const needed = checks.filter((check) => check.needed === 'ready')
      const entries = await runChecks(needed, timeoutMs)
      const unhealthy = entries.filter((entry) => entry.status === 'unhealthy').map((entry) => entry.name)
      if (unhealthy.length > 0) return reply.code(503).send({ status: 'not_ready', unhealthy })
      return { status: 'ready', unhealthy }
    },
  )
}
