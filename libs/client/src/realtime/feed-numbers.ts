import type { OrderMessage } from '@comanda/events'

/** How many messages are kept while some before them are missing; beyond it all of them are read again. */
const mostHeld = 1000

/** Which events of a feed are known: all up to some number, and some beyond a gap. */
export interface FeedNumbers {
  /** The number up to which every event is known. */
  held: () => number
  /** Whether there is an event beyond `held`, as far as is known. */
  behind: () => boolean
  /** Notes that there is an event of this number. */
  heardOf: (seq: number) => void
  /** Takes messages, known or not, in any order. Returns those that are now known without a gap and were not before, by number. */
  take: (messages: readonly OrderMessage[]) => OrderMessage[]
  /** Everything up to `seq` counts as known from now on. Returns what is known beyond it without a gap, as `take` does. */
  passOver: (seq: number) => OrderMessage[]
}

/** @param after the number up to which every event is known at first; 0 for none */
export function feedNumbers(after: number): FeedNumbers {
  let held = after
  let newest = after
  const beyond = new Map<number, OrderMessage>()

  function inOrder(): OrderMessage[] {
    const messages: OrderMessage[] = []
    for (let next = beyond.get(held + 1); next; next = beyond.get(held + 1)) {
      held += 1
      beyond.delete(held)
      messages.push(next)
    }
    return messages
  }

  return {
    held: () => held,
    behind: () => held < newest,
    heardOf(seq) {
      newest = Math.max(newest, seq)
    },
    take(messages) {
      for (const message of messages) {
        newest = Math.max(newest, message.seq)
        if (message.seq > held) beyond.set(message.seq, message)
      }
      const known = inOrder()
      if (beyond.size > mostHeld) beyond.clear()
      return known
    },
    passOver(seq) {
      held = Math.max(held, seq)
      newest = Math.max(newest, seq)
      for (const number of beyond.keys()) if (number <= held) beyond.delete(number)
      return inOrder()
    },
  }
}
