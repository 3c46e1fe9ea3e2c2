import { EventEmitter } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import type { SessionRevocations } from '@comanda/access/sessions'
import type { Database } from '@comanda/database'
import type { Logger, Metrics } from '@comanda/service'
import { feedErrors } from './feed.errors.ts'
import { findFeed } from './feed.repository.ts'
import type { Feed } from './feed.schema.ts'
import { createFeedWatch } from './feed-watch.ts'
import { writeFeed } from './write-feed.ts'

export interface FeedStreamRequest {
  userId: string
  sessionId: string
  /** When the access token stops being valid, in milliseconds since 1970. */
  expiresAt: number
  cafeteriaId: string
  /** What was read of the feed already. */
  page: Feed
  /** Where it is written to; destroyed when its reader takes nothing. */
  response: Writable
}

export interface FeedStreams {
  /** Server-sent events: what was read, and then what comes. @throws AppError `too_many_streams` */
  open: (request: FeedStreamRequest) => Readable
  /** Ends them all. */
  close: () => Promise<void>
}

interface Stream extends FeedStreamRequest {
  /** Since when its reader has not taken what is ready for it; undefined while it does. */
  blockedSince: number | undefined
}

const mostPerUser = 10
/** A reader that takes nothing for so long is gone, or too slow. */
const patienceMilliseconds = 30_000
const pageSize = 100
/** Of one stream in bytes, besides one page. */
const mostBuffered = 65_536

/**
 * Feeds as streams. However many there are, the database is asked once a second for all; one that is behind reads its own
 * pages, as fast as its reader takes them. A stream ends with its access token or session: its client comes back with a
 * new token and the last number it has.
 */
export function createFeedStreams(options: {
  database: Database
  revocations: Pick<SessionRevocations, 'has'>
  log: Logger
  metrics: Metrics
}): FeedStreams {
  const { database, revocations, log, metrics } = options
  const streams = new Set<Stream>()
  const looks = new EventEmitter().setMaxListeners(0)
  let closed = false
  metrics.gauge({
    name: 'feed_streams',
    help: 'Feeds that are being streamed',
    collect: (gauge) => gauge.set(streams.size),
  })
  const ended = metrics.counter({
    name: 'feed_streams_ended_total',
    help: 'Streams of feeds that were ended by the service',
    labels: ['reason'],
  })
  const watch = createFeedWatch({ database, log, onPoll: goOn })

  /** Lets all write what is new, and ends those whose readers are stuck. */
  function goOn(): void {
    const now = Date.now()
    for (const stream of streams) {
      if (stream.blockedSince === undefined) continue
      const reason = now - stream.blockedSince > patienceMilliseconds ? 'slow_reader' : endReason(stream)
      if (reason === undefined) continue
      ended.inc({ reason })
      stream.response.destroy()
    }
    looks.emit('look')
  }

  function endReason({ sessionId, expiresAt }: FeedStreamRequest): string | undefined {
    if (closed) return 'draining'
    if (revocations.has(sessionId)) return 'session_revoked'
    return expiresAt <= Date.now() ? 'access_token_expired' : undefined
  }

  return {
    open(request) {
      const { userId, cafeteriaId, page, response } = request
      if ([...streams].filter((stream) => stream.userId === userId).length >= mostPerUser)
        throw feedErrors.too_many_streams(undefined, { retryAfterSeconds: 30 })
      const feed = watch.take(cafeteriaId, page.newest)
      const stream: Stream = { ...request, blockedSince: undefined }
      streams.add(stream)
      response.once('close', () => {
        streams.delete(stream)
        watch.giveBack(feed)
      })
      const text = writeFeed({
        after: (page.data[0]?.seq ?? page.newest + 1) - 1,
        entries: page.data,
        feed,
        looks,
        async read(after) {
          const slice = { after, limit: pageSize }
          const more = await database.read('primary', (db) => findFeed(db, cafeteriaId, slice))
          return more?.data ?? []
        },
        endReason() {
          const reason = endReason(request)
          if (reason !== undefined) ended.inc({ reason })
          return reason
        },
        onBlocked(blocked) {
          stream.blockedSince = blocked ? Date.now() : undefined
        },
      })
      return Readable.from(text, { objectMode: false, highWaterMark: mostBuffered })
    },
    async close() {
      closed = true
      goOn()
      await watch.stop()
      // What is still being sent to somebody who does not read it would hold up the end.
      setTimeout(() => {
        for (const { response } of streams) response.destroy()
      }, 1000).unref()
    },
  }
}
