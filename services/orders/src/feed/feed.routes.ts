import type { AccessTokens } from '@comanda/access'
import type { Database } from '@comanda/database'
import { callerOf, refTo, type Service, tokenOf } from '@comanda/service'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { readOptions } from '../consistency/consistency.schema.ts'
import { acceptConstraint } from './accept-constraint.ts'
import { Feed, FeedHeaders, FeedStream, feedSchemas, ListFeed } from './feed.schema.ts'
import { readFeed } from './feed.service.ts'
import type { FeedStreams } from './feed-streams.ts'
import { eventStream } from './server-sent-events.ts'

export interface FeedDependencies {
  database: Database
  tokens: Pick<AccessTokens, 'expiresAt'>
  streams: FeedStreams
}

const url = '/v1/cafeterias/:cafeteriaId/feed'
const schema = {
  operationId: 'getFeed',
  summary: 'What happened at a cafeteria after a number of its feed, in order and without gaps',
  description:
    'An event appears here a moment after it happened, and keeps its number for ever; an order’s events come in the order of their versions. Whoever holds number n asks with `after=n` and misses nothing; numbers of a month ago are not kept (`feed_expired`). With `accept: text/event-stream` the answer goes on with what happens from then on, until the access token expires.',
  tags: ['orders'],
  params: CafeteriaParams,
  querystring: ListFeed,
  headers: FeedHeaders,
}
const config = {
  access: 'staff',
  errors: ['cafeteria_not_found', 'feed_expired', 'too_many_streams', 'database_unavailable'],
} as const

/** Registers two routes, because a stream needs other time-outs and metrics than an answer, and another limit for what is slow. */
export async function feed(app: Service, { database, tokens, streams }: FeedDependencies): Promise<void> {
  for (const schema of feedSchemas) app.addSchema(schema)
  app.addConstraintStrategy(acceptConstraint)
  app.addHook('preClose', () => streams.close())

  const content = {
    'application/json': { schema: refTo(Feed) },
    [eventStream]: { schema: FeedStream },
  }
  app.get(
    url,
    { schema: { ...schema, response: { 200: { description: 'The feed', content } } }, config },
    (request) =>
      readFeed(database, callerOf(request), request.params.cafeteriaId, request.query, {
        need: 'catalogue',
        ...readOptions(request),
      }),
  )

  app.get(
    url,
    {
      constraints: { accept: eventStream },
      exposeHeadRoute: false,
      schema: { ...schema, hide: true },
      config: { ...config, streams: true },
    },
    async (request, reply) => {
      const { userId, sessionId, rolesVersion } = callerOf(request)
      const { cafeteriaId } = request.params
      const after = request.headers['last-event-id'] ?? request.query.after
      const slice = { ...request.query, after }
      const page = await readFeed(database, callerOf(request), cafeteriaId, slice, { need: 'primary' })
      const expiresAt = tokens.expiresAt(tokenOf(request) as string)
      const response = reply.raw
      const stream = streams.open({ userId, sessionId, rolesVersion, expiresAt, cafeteriaId, page, response })
      return reply
        .type(eventStream)
        .headers({ 'cache-control': 'no-store', connection: 'close' })
        .send(stream)
    },
  )
}
