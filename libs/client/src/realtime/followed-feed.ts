import type { FeedSubscribed, OrderMessage } from '@comanda/events'
import type { BackoffLimits } from './backoff.ts'
import { createBoard } from './board.ts'
import { createCatchUp } from './catch-up.ts'
import type { Conversation } from './conversation.ts'
import { feedNumbers } from './feed-numbers.ts'
import type { FeedBoard, FeedListener } from './listeners.ts'
import type { Followed } from './registry.ts'
import type { Rest } from './rest.ts'
import { singleRead } from './single-read.ts'
import { tell } from './tell.ts'
import type { Timers } from './timers.ts'

/** Further back than this many events the board is read anew: ten pages of a hundred. */
const mostMissed = 1000

export interface FollowedFeedOptions {
  conversation: Conversation
  rest: Rest
  timers: Timers
  backoff: BackoffLimits
  after: number | undefined
  keepClosed: number
  onRefused: () => void
}

/** A cafeteria's feed. */
export interface FollowedFeed extends Followed<FeedListener> {
  disconnected: () => void
  receive: (messages: readonly OrderMessage[]) => void
  /** The gateway says what the newest number is. */
  heardOf: (seq: number) => void
  /** Reads the open orders over REST, while there is no connection. */
  refresh: () => void
}

/**
 * Keeps a board that is always the newest known.
 *
 * What was missed is asked for by subscribing again with the last number, a hundred at a time: an acknowledgement has the
 * orders' states beside the events, for the same two statements that the feed over REST takes, which has the events only and
 * would cost a request per order. One such catch-up runs at a time, whatever detected the gap.
 *
 * At the beginning, after more than a thousand events, and when the feed keeps the missed ones no more, the open orders are
 * read over REST instead, after subscribing: what happens meanwhile comes as messages, and the highest version counts. So a
 * catch-up costs ten pages at most, or a request per hundred open orders.
 */
export function followedFeed(cafeteriaId: string, options: FollowedFeedOptions): FollowedFeed {
  const { conversation, rest, timers, onRefused } = options
  const listeners = new Set<FeedListener>()
  const board = createBoard(options.keepClosed)
  let numbers = feedNumbers(options.after ?? 0)
  /** Whether the number that is held is one of this feed. */
  let begun = options.after !== undefined
  /** Whether it ever was, so that to begin anew passes over something. */
  let begunBefore = begun
  let linked = false
  let shown: FeedBoard | undefined
  const wanted = () => listeners.size > 0

  /** Whatever is on its way meanwhile: states are merged by version, and orders never reopen. */
  async function readOpenOrders(): Promise<void> {
    const before = board.open()
    const orders = await rest.listOpenOrders(cafeteriaId)
    const open = new Set(orders.map(({ id }) => id))
    const stillOpen = new Set(board.open())
    for (const order of orders) board.accept(order)
    // Closed before the list was read, and it is not known how.
    for (const id of before) if (!open.has(id) && stillOpen.has(id)) board.remove(id)
  }

  const reading = singleRead({
    read: readOpenOrders,
    wanted,
    onDone: show,
    timers,
    backoff: options.backoff,
  })

  const catchUp = createCatchUp({
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

  function tellAll(say: (listener: FeedListener) => void): void {
    for (const listener of listeners) tell(() => say(listener))
  }

  function show(): void {
    const current = linked && begun && !catchUp.running() && !reading.owed() && !numbers.behind()
    const next: FeedBoard = { cafeteriaId, orders: board.orders, seq: numbers.held(), current }
    shown = next
    tellAll((listener) => listener.onBoard(next))
  }

  function receive(messages: readonly OrderMessage[]): void {
    // States count at once, whatever is missing before them; events wait for their turn.
    for (const { order } of messages) board.accept(order)
    tellEvents(numbers.take(messages))
    show()
    catchUp.soon()
  }

  function tellEvents(events: readonly OrderMessage[]): void {
    if (events.length > 0) tellAll((listener) => listener.onEvents?.(events))
  }

  /** Whether there is another one. */
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
    tellAll((listener) => listener.onRefused?.(code))
    listeners.clear()
    return false
  }

  /** What came before is not told; what is open by now is read. */
  function beginAt(seq: number): void {
    const isReset = begunBefore
    begun = true
    begunBefore = true
    // Some of what came after `seq` may have come before the acknowledgement.
    const events = numbers.passOver(seq)
    reading.want()
    if (isReset) tellAll((listener) => listener.onReset?.())
    tellEvents(events)
  }

  /** The feed has forgotten what it had told: its database was restored from an older state. */
  function startOver(seq: number): void {
    numbers = feedNumbers(seq)
    board.clear()
    reading.want()
    tellAll((listener) => listener.onReset?.())
  }

  return {
    add(listener) {
      listeners.add(listener)
      const known = shown
      if (known) tell(() => listener.onBoard(known))
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
      // Nothing depends on it: one that fails is left to the next round, or to the connection.
      if (!reading.owed()) readOpenOrders().then(show, () => {})
    },
  }
}
