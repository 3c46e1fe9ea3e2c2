import type { FeedSubscribed, OrderMessage } from '@comanda/events'
import type { BackoffLimits } from './backoff.ts'
import { createBoard } from './board.ts'
import { callListener } from './call-listener.ts'
import type { Conversation } from './conversation.ts'
import { createFeedCatchUp } from './feed-catch-up.ts'
import { feedNumbers } from './feed-numbers.ts'
import type { FeedBoard, FeedListener } from './listeners.ts'
import type { Followed } from './registry.ts'
import type { RestReads } from './rest-reads.ts'
import { singleRead } from './single-read.ts'
import type { Timers } from './timers.ts'

/** When more events than these are missing, the board is read anew: ten pages of a hundred. */
const mostMissed = 1000

export interface FollowedFeedOptions {
  /** Over which the feed is subscribed to. */
  conversation: Conversation
  rest: RestReads
  timers: Timers
  backoff: BackoffLimits
  after: number | undefined
  keepClosed: number
  onRefused: () => void
}

/** A cafeteria's feed, followed by one or more listeners. */
export interface FollowedFeed extends Followed<FeedListener> {
  disconnected: () => void
  receive: (messages: readonly OrderMessage[]) => void
  /** Notes the feed's newest number, which the gateway sends from time to time. */
  heardOf: (seq: number) => void
  /** Reads the open orders over REST, while there is no connection. */
  refresh: () => void
}

/**
 * Follows a cafeteria's feed and keeps its board at the newest known state.
 *
 * Missed events are read by subscribing again with the last known number, a hundred at a time. An acknowledgement has the
 * orders' states beside the events and costs the database no more than the feed over REST, which has the events only and
 * would need a further request per order. One such catch-up runs at a time, whatever detected the gap.
 *
 * At the beginning, after more than a thousand missed events, and when the feed no longer keeps them, the open orders are
 * read over REST instead, after subscribing: what happens meanwhile comes as messages, and the highest version counts. So a
 * catch-up costs ten pages at most, or a request per hundred open orders.
 */
export function followedFeed(cafeteriaId: string, options: FollowedFeedOptions): FollowedFeed {
  const { conversation, rest, timers, onRefused } = options
  const listeners = new Set<FeedListener>()
  const board = createBoard(options.keepClosed)
  let numbers = feedNumbers(options.after ?? 0)
  /** Whether `numbers` began at a number that this feed gave. */
  let begun = options.after !== undefined
  /** Whether it ever did, so that to begin again skips events. */
  let begunBefore = begun
  let linked = false
  let shown: FeedBoard | undefined
  const wanted = () => listeners.size > 0

  /** May run while messages arrive: states are merged by version, and orders never reopen. */
  async function readOpenOrders(): Promise<void> {
    const before = board.open()
    const orders = await rest.listOpenOrders(cafeteriaId)
    const open = new Set(orders.map(({ id }) => id))
    const stillOpen = new Set(board.open())
    for (const order of orders) board.accept(order)
    // An order that is missing from the list was closed before it was read, and nothing is known about how.
    for (const id of before) if (!open.has(id) && stillOpen.has(id)) board.remove(id)
  }

  const reading = singleRead({
    read: readOpenOrders,
    wanted,
    onDone: show,
    timers,
    backoff: options.backoff,
  })

  const catchUp = createFeedCatchUp({
    readPage,
    isBehind: () => numbers.behind(),
    isPossible: () => linked && wanted(),
    onDone() {
      if (!wanted()) return
      show()
      catchUp.soon()
    },
    timers,
  })

  function notifyAll(say: (listener: FeedListener) => void): void {
    for (const listener of listeners) callListener(() => say(listener))
  }

  function show(): void {
    const current = linked && begun && !catchUp.running() && !reading.owed() && !numbers.behind()
    const next: FeedBoard = { cafeteriaId, orders: board.orders, seq: numbers.held(), current }
    shown = next
    notifyAll((listener) => listener.onBoard(next))
  }

  function receive(messages: readonly OrderMessage[]): void {
    // States count at once, whatever is missing before them; events wait until those before them are known.
    for (const { order } of messages) board.accept(order)
    notifyEvents(numbers.take(messages))
    show()
    catchUp.soon()
  }

  function notifyEvents(events: readonly OrderMessage[]): void {
    if (events.length > 0) notifyAll((listener) => listener.onEvents?.(events))
  }

  /** Subscribes after the last known number. Resolves to whether there is another page. */
  async function readPage(): Promise<boolean> {
    const after = begun ? numbers.held() : undefined
    const wish = after === undefined ? { cafeteriaId } : { cafeteriaId, after }
    const outcome = await conversation.ask<FeedSubscribed>('order:subscribe_live_feed', wish, wanted)
    if (outcome === 'lost') return false
    if (!outcome.ok) {
      if (outcome.code !== 'feed_expired') return refuse(outcome.code)
      begun = false
      return true
    }
    const { seq, missed } = outcome.answer
    if (after === undefined) beginAt(seq)
    else if (seq < after) startOver(seq)
    else if (seq - after > mostMissed) beginAt(seq)
    else {
      receive(missed)
      numbers.heardOf(seq)
      return numbers.behind() && missed.length > 0
    }
    return false
  }

  function refuse(code: string): false {
    onRefused()
    notifyAll((listener) => listener.onRefused?.(code))
    listeners.clear()
    return false
  }

  /** Begins at a number: earlier events are skipped, and the orders that are open now are read. */
  function beginAt(seq: number): void {
    const isReset = begunBefore
    begun = true
    begunBefore = true
    // Some events after `seq` may have arrived before the acknowledgement.
    const events = numbers.passOver(seq)
    reading.want()
    if (isReset) notifyAll((listener) => listener.onReset?.())
    notifyEvents(events)
  }

  /** The feed's newest number is lower than the one known here: its database was restored from an older state. */
  function startOver(seq: number): void {
    numbers = feedNumbers(seq)
    board.clear()
    reading.want()
    notifyAll((listener) => listener.onReset?.())
  }

  return {
    add(listener) {
      listeners.add(listener)
      const known = shown
      if (known) callListener(() => listener.onBoard(known))
    },
    remove(listener) {
      listeners.delete(listener)
      if (listeners.size > 0) return false
      catchUp.stop()
      return true
    },
    end() {
      listeners.clear()
      catchUp.stop()
    },
    connected() {
      linked = true
      catchUp.now()
    },
    disconnected() {
      linked = false
      show()
    },
    receive,
    heardOf(seq) {
      numbers.heardOf(seq)
      catchUp.soon()
    },
    refresh() {
      // A failure does no harm: the next pass reads again, or the connection is back.
      if (!reading.owed()) readOpenOrders().then(show, () => {})
    },
  }
}
