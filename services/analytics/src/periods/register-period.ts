import type { Ttl } from '@comanda/cache'
import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import { refTo, type Service } from '@comanda/service'
import type { FastifySchema } from 'fastify'
import type { Static, TObject, TProperties } from 'typebox'
import { admitManager } from '../access/admit.ts'
import type { Numbers } from './numbers.ts'
import { CafeteriaParams, PeriodQuery, periodSchemas } from './period.schema.ts'
import { answerPeriod } from './periods.service.ts'

export interface PeriodRoute<P extends TProperties, Q extends TObject> {
  /** What comes after the cafeteria in the path. */
  path: string
  operationId: string
  summary: string
  description?: string
  /** The name of the answer. */
  answer: string
  /** What is named in it, besides. */
  schemas?: readonly TObject[]
  /** What it says of the days. */
  numbers: TObject<P>
  /** The query, where it asks for more than days. */
  querystring?: Q
  ttl?: Ttl
  /** Whether the worker publishes changes of this answer to the gateways, and outdates what is cached of it when it does. */
  pushed?: boolean
  /** How many days may be asked for; 400 unless given. */
  mostDays?: (query: Static<Q>) => number
  select: (query: Static<Q>) => Numbers
}

/** Registers `GET /v1/analytics/cafeterias/:cafeteriaId/…`, which answers numbers about some days of a cafeteria to its managers. */
export function registerPeriod<P extends TProperties, Q extends TObject = typeof PeriodQuery>(
  app: Service,
  { database }: { database: Database },
  route: PeriodRoute<P, Q>,
): void {
  const { path, answer: name, schemas = [], numbers, ttl = 'short', pushed = false, mostDays, select } = route
  const { operationId, summary, description, querystring = PeriodQuery } = route
  const [Days, Answer] = periodSchemas(numbers, name)
  for (const schema of [...schemas, Days, Answer]) app.addSchema(schema)
  const schema: FastifySchema = {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    tags: ['analytics'],
    params: CafeteriaParams,
    querystring,
    response: { 200: refTo(Answer) },
  }
  app.get(
    `/v1/analytics/cafeterias/:cafeteriaId/${path}`,
    {
      schema,
      config: {
        access: 'manager',
        limit: 'analytics',
        cache: {
          ttl,
          admit: admitManager,
          tags: ({ params: { cafeteriaId = '' } }) => [
            cacheTags.analytics(cafeteriaId),
            ...(pushed ? [cacheTags.dashboard(cafeteriaId)] : []),
          ],
        },
        errors: ['cafeteria_not_found', 'database_unavailable'],
      },
    },
    async (request) => {
      const { cafeteriaId } = request.params as { cafeteriaId: string }
      const query = request.query as PeriodQuery & Static<Q>
      const { answer, changesAt } = await answerPeriod(database, cafeteriaId, query, select(query), {
        mostDays: mostDays?.(query),
        after: request.leastPosition,
      })
      request.changesAt = changesAt
      return answer
    },
  )
}
