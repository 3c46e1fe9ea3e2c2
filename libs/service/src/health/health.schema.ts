import { Type } from 'typebox'

export const HealthStatus = Type.Enum(['healthy', 'degraded', 'unhealthy'], {
  description: 'Worst of the checks that matter',
})

export const Health = Type.Object(
  {
    status: HealthStatus,
    service: Type.String(),
    version: Type.String(),
    timestamp: Type.String({ format: 'date-time' }),
    uptime: Type.Number({ description: 'Seconds since the process started' }),
    checks: Type.Array(
      Type.Object({
        name: Type.String(),
        status: HealthStatus,
        responseTimeMs: Type.Number(),
        details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
    ),
  },
  { $id: 'Health' },
)

export const Liveness = Type.Object({ status: Type.Literal('alive') }, { $id: 'Liveness' })

export const Readiness = Type.Object(
  {
    status: Type.Enum(['ready', 'not_ready', 'draining']),
    unhealthy: Type.Array(Type.String(), {
      description: 'Names of the checks that keep it from being ready',
    }),
  },
  { $id: 'Readiness' },
)
