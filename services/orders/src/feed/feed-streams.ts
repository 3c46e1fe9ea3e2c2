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
  rolesVersion?: number | undefined
  /** When the access token stops being valid, in milliseconds since 1970. */
  expiresAt: number
  cafeteriaId: string
  /** The page of the feed that was read already. */
  page: Feed
  /** The response that the stream is written to. It is destroyed when its client stops reading. */
  response: Writable
}

export interface FeedStreams {
  /** Opens a stream of server-sent events: the page that was read, and then each new entry. @throws AppError `too_many_streams` */
  open: (request: FeedStreamRequest) => Readable
  /** Ends all streams. */
  close: () => Promise<void>
}

interface Stream extends FeedStreamRequest {
  /** What the response is read from. */
  text: Readable
  /** Since when its client has not read what is ready for it; undefined while it reads. */
  blockedSince: number | undefined
}

const mostPerUser = 10
/** A client that reads nothing for so long is gone, or too slow. */
const patienceMilliseconds = 30_000
const pageSize = 100
/** The largest buffer of one stream in bytes, besides one page. */
const mostBuffered = 65_536

/**
 * Serves feeds as streams. The database is polled once a second for all of them together; a stream that lags behind reads its own
 * pages, as fast as its client reads them. A stream ends with its access token or session, and its client reconnects with a new token
 * and the last number it has.
 */
export function createFeedStreams(options: {
  database: Database
  /** What may wait for the clients of all streams together, in bytes. */
  mostWaiting: number
  revocations: Pick<SessionRevocations, 'has' | 'hasOldRoles'>
  log: Logger
  metrics: Metrics
}): FeedStreams {
  const { database, revocations, log, metrics, mostWaiting } = options
  const streams = new Set<Stream>()
  const polled = new EventEmitter().setMaxListeners(0)
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

  /** Lets all streams write what is new, and ends those whose clients are stuck. */
  function goOn(): void {
    const now = Date.now()
    for (const stream of streams) {
      if (stream.blockedSince === undefined) continue
      const reason = now - stream.blockedSince > patienceMilliseconds ? 'slow_reader' : endReason(stream)
      if (reason === undefined) continue
      end(stream, reason)
    }
    endSlowest()
    polled.emit('polled')
  }

  function end(stream: Stream, reason: string): void {
    streams.delete(stream)
    ended.inc({ reason })
    stream.response.destroy()
  }

  /** Ends the streams for which the most waits, when all of them together hold too much. */
  function endSlowest(): void {
    const waitingFor = ({ text, response }: Stream) => text.readableLength + response.writableLength
    const slow = [...streams].filter(({ blockedSince }) => blockedSince !== undefined)
    let waiting = slow.reduce((sum, stream) => sum + waitingFor(stream), 0)
    if (waiting <= mostWaiting) return
    for (const stream of slow.toSorted((a, b) => waitingFor(b) - waitingFor(a))) {
      if (waiting <= mostWaiting / 2) return
      waiting -= waitingFor(stream)
      end(stream, 'buffers_full')
    }
  }

  function endReason({ userId, sessionId, rolesVersion, expiresAt }: FeedStreamRequest): string | undefined {
    if (closed) return 'draining'
    if (revocations.has(sessionId)) return 'session_revoked'
    if (revocations.hasOldRoles({ userId, rolesVersion })) return 'access_token_expired'
    return expiresAt <= Date.now() ? 'access_token_expired' : undefined
  }

  return {
    open(request) {
      const { userId, cafeteriaId, page, response } = request
      if ([...streams].filter((stream) => stream.userId === userId).length >= mostPerUser)
        throw feedErrors.too_many_streams(undefined, { retryAfterSeconds: 30 })
      const feed = watch.add(cafeteriaId, page.newest)
      const parts = writeFeed({
        after: (page.data[0]?.seq ?? page.newest + 1) - 1,
        entries: page.data,
        feed,
        polled,
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
      const text = Readable.from(parts, { objectMode: false, highWaterMark: mostBuffered })
      const stream: Stream = { ...request, text, blockedSince: undefined }
      streams.add(stream)
      response.once('close', () => {
        streams.delete(stream)
        watch.remove(feed)
      })
      return text
    },
    async close() {
      closed = true
      goOn()
      await watch.stop()
      // A response that its client does not read would hold up the end.
      setTimeout(() => {
        for (const { response } of streams) response.destroy()
      }, 1000).unref()
    },
  }
}
