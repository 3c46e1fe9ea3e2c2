import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  createRealtimeClient,
  type FeedBoard,
  type FeedListener,
  type RealtimeClient,
  type RealtimeClientOptions,
} from '@comanda/client/realtime'
import type { Database } from '@comanda/database'
import type { LiveOrder } from '@comanda/events'
import { createRelayPublisher, listRelayedOrders } from '@comanda/events/relay'
import { type ServiceUnderTest, startServiceUnderTest, testRedisNodes } from '@comanda/local-stack/testing'
import type { Metrics } from '@comanda/service'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { connectToRedis } from '../publishing.ts'

export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await wait(10)
}

/** The REST API as a process. */
export async function startOrders(t: Test, databaseUrl: string): Promise<ServiceUnderTest> {
  const orders = await startServiceUnderTest(join(import.meta.dirname, '../../../orders/src/server.ts'), {
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
    RATE_LIMITS: 'off',
  })
  t.teardown(() => orders.stop('SIGKILL'))
  return orders
}

/** A client with short waits, closed with the test. */
export function openClient(
  t: Test,
  options: Pick<RealtimeClientOptions, 'url'> & Partial<RealtimeClientOptions> & { token?: string },
): RealtimeClient {
  const { token = '', ...rest } = options
  const client = createRealtimeClient({
    apiUrl: 'http://127.0.0.1:1',
    getAccessToken: async () => token,
    backoff: { firstMilliseconds: 50, mostMilliseconds: 400 },
    ...rest,
  })
  t.teardown(() => client.close())
  return client
}

/** What a screen shows that follows a feed. */
export function openScreen(
  client: RealtimeClient,
  cafeteriaId: string,
  options: Parameters<RealtimeClient['followFeed']>[2] = {},
) {
  const screen = {
    board: undefined as FeedBoard | undefined,
    seqs: [] as number[],
    resets: 0,
    refused: [] as string[],
    /** The statuses of the orders on it, by id. */
    statuses: () =>
      Object.fromEntries([...(screen.board?.orders.values() ?? [])].map(({ id, status }) => [id, status])),
    /** Waits until nothing is known to be missing and the number is reached. */
    reaches: (seq: number) => until(() => screen.board?.current === true && screen.board.seq >= seq),
    stop: () => {},
  }
  const listener: FeedListener = {
    onBoard: (board) => (screen.board = board),
    onEvents: (messages) => screen.seqs.push(...messages.map(({ seq }) => seq)),
    onReset: () => (screen.resets += 1),
    onRefused: (code) => screen.refused.push(code),
  }
  screen.stop = client.followFeed(cafeteriaId, listener, options).stop
  return screen
}

/** What a phone shows that follows an order. */
export function openPhone(client: RealtimeClient, orderId: string) {
  const phone = { states: [] as LiveOrder[], refused: [] as string[], stop: () => {} }
  phone.stop = client.followOrder(orderId, {
    onOrder: (order) => phone.states.push(order),
    onRefused: (code) => phone.refused.push(code),
  }).stop
  return phone
}

async function allNumbered({ primary }: Database): Promise<boolean> {
  const { rows } = await sql<{ lag: number }>`select feed_lag_seconds() as lag`.execute(primary)
  return rows[0]?.lag === 0
}

/** Waits until every event has its number. */
export const untilNumbered = (database: Database): Promise<void> => until(() => allNumbered(database))

/** Numbers all events and publishes none, as if Redis had lost the messages. Returns the feed's newest number. */
export async function numberQuietly(database: Database, cafeteriaId: string): Promise<number> {
  const { primary } = database
  await until(async () => {
    await sql`select sequence_events(10000)`.execute(primary)
    return allNumbered(database)
  })
  const head = await primary
    .selectFrom('feedHeads')
    .select('seq')
    .where('cafeteriaId', '=', cafeteriaId)
    .executeTakeFirst()
  return head?.seq ?? 0
}

/** Publishes single events of a feed to the gateways of a fleet, as the worker does with all of them. */
export async function openRelay(t: Test, { primary }: Database, prefix: string) {
  const redis = await connectToRedis(t)
  const publisher = createRelayPublisher({ redis, prefix, onFailed: (error) => t.error(error) })
  t.teardown(() => publisher.close())
  return {
    async publishEvent(cafeteriaId: string, seq: number): Promise<void> {
      publisher.publish(await listRelayedOrders(primary, { cafeteriaId, after: seq - 1, limit: 1 }))
    },
    /** Waits until a gateway receives events of a made-up cafeteria, because it subscribes in Redis only after it began to serve. */
    async untilHeard({ metrics }: { metrics: Metrics }): Promise<void> {
      const [event] = await listRelayedOrders(primary, {
        cafeteriaId: await anyCafeteria(),
        after: 0,
        limit: 1,
      })
      if (!event) throw new Error('there is no event to try with')
      const cafeteriaId = randomUUID()
      let seq = 0
      await until(async () => {
        seq += 1
        publisher.publish([{ userId: randomUUID(), message: { ...event.message, cafeteriaId, seq } }])
        return /^events_relayed_total [1-9]/m.test(await metrics.registry.metrics())
      })
    },
  }

  async function anyCafeteria(): Promise<string> {
    return (await primary.selectFrom('feedHeads').select('cafeteriaId').executeTakeFirstOrThrow()).cafeteriaId
  }
}

/** The numbers between two bounds, both included. */
export const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)
