import type { FeedSubscribed, OrderMessage } from '@comanda/events'
import type { BackoffLimits } from './backoff.ts'
import { createBoard } from './board.ts'
import type { Conversation } from './conversation.ts'
import { feedNumbers } from './feed-numbers.ts'
import type { FeedBoard, FeedListener } from './listeners.ts'
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

/** A cafeteria's feed that one or more listeners follow, on one subscription. */
export interface FollowedFeed {
  add: (listener: FeedListener) => void
  /** Whether nobody is left. */
  remove: (listener: FeedListener) => boolean
  connected: () => void
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
  let linked = false
  let shown: FeedBoard | undefined
  let catchingUp = false
  let again = false
  let gapTimer: (() => void) | undefined
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

  function tellAll(say: (listener: FeedListener) => void): void {
    for (const listener of listeners) tell(() => say(listener))
  }

  function show(): void {
    const current = linked && begun && !catchingUp && !reading.owed() && !numbers.behind()
    const next: FeedBoard = { cafeteriaId, orders: board.orders, seq: numbers.held(), current }
    shown = next
    tellAll((listener) => listener.onBoard(next))
  }

  function receive(messages: readonly OrderMessage[]): void {
    // States count at once, whatever is missing before them; events wait for their turn.
    for (const { order } of messages) board.accept(order)
    tellEvents(numbers.take(messages))
    show()
    lookForGap()
  }

  function tellEvents(events: readonly OrderMessage[]): void {
    if (events.length > 0) tellAll((listener) => listener.onEvents?.(events))
  }

  /** What is missing may be on its way, and many screens would miss the same: a moment later, each in its own, it is asked for. */
  function lookForGap(): void {
    if (gapTimer || catchingUp || !linked || !numbers.behind()) return
    gapTimer = timers.later(200 + Math.random() * 600, () => {
      gapTimer = undefined
      if (numbers.behind()) catchUp()
    })
  }

  function catchUp(): void {
    again = true
    if (catchingUp) return
    catchingUp = true
    void catchUpWhileAsked().then(() => {
      catchingUp = false
      if (!wanted()) return
      if (again && linked) return catchUp()
      show()
      lookForGap()
    })
  }

  async function catchUpWhileAsked(): Promise<void> {
    while (again && linked && wanted()) {
      again = false
      while (await nextPage());
    }
  }

  /** Whether there is another one. */
  async function nextPage(): Promise<boolean> {
    const after = begun ? numbers.held() : undefined
    const wish = after === undefined ? { cafeteriaId } : { cafeteriaId, after }
    const outcome = await conversation.ask<FeedSubscribed>('order:subscribe_live_feed', wish, wanted)
    if (outcome === 'lost') return false
    if (!outcome.ok) {
      onRefused()
      tellAll((listener) => listener.onRefused?.(outcome.code))
      listeners.clear()
      return false
    }
    const { seq, missed } = outcome.answer
    if (after === undefined) beginAt(seq)
    else if (seq < after) startOver(seq)
    else if (seq - after > mostMissed || (seq > after && missed[0]?.seq !== after + 1)) passOver(seq)
    else {
      receive(missed)
      numbers.heardOf(seq)
      return numbers.behind() && missed.length > 0
    }
    return false
  }

  function beginAt(seq: number): void {
    begun = true
    // Some of what came after `seq` may have come before the acknowledgement.
    const events = numbers.passOver(seq)
    reading.want()
    tellEvents(events)
  }

  /** The feed has forgotten what it had told: its database was restored from an older state. */
  function startOver(seq: number): void {
    numbers = feedNumbers(seq)
    board.clear()
    reading.want()
    tellAll((listener) => listener.onReset?.())
  }

  function passOver(seq: number): void {
    const events = numbers.passOver(seq)
    reading.want()
    tellAll((listener) => listener.onReset?.())
    tellEvents(events)
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
      gapTimer?.()
      return true
    },
    connected() {
      linked = true
      catchUp()
    },
    disconnected() {
      linked = false
      show()
    },
    receive,
    heardOf(seq) {
      numbers.heardOf(seq)
      lookForGap()
    },
    refresh() {
      // Nothing depends on it: one that fails is left to the next round, or to the connection.
      if (!reading.owed()) readOpenOrders().then(show, () => {})
    },
  }
}
