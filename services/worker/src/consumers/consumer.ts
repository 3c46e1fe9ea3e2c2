import type { Schema } from '@comanda/database'
import type { LoggedEvent } from '@comanda/events/log'
import type { Kysely, Transaction } from 'kysely'

interface ConsumerFacts {
  /** kebab-case; its row in `event_positions` and the label of its metrics. Another name is another consumer. */
  name: string
  /** What running it is called among the jobs. */
  job: string
  /** Where it begins when it first runs: with the first event of the log, or with what happens from then on. */
  from: 'beginning' | 'now'
  /** The shortest time between the beginnings of two reads. What happens meanwhile is read together. */
  leastSeconds: number
  /** Is told every second how far it is behind, for a metric of its own. */
  onLag?: (seconds: number) => void
}

/** A consumer that is given the next events, in the order of (xid, id), and deals with them. */
export interface HandlingConsumer extends ConsumerFacts {
  /**
   * Its position moves when this resolves, in `tx`. What it writes in `tx` happens exactly once. What it does elsewhere happens at
   * least once: when it throws, or its worker is lost, the same events are given again. A transaction that has written holds up every
   * consumer until it ends, so anything slow comes before the first write.
   */
  handle: (events: readonly LoggedEvent[], tx: Transaction<Schema>) => Promise<void>
}

/** A consumer whose effect and position are one SQL function, so that each event has its effect exactly once. */
export interface AdvancingConsumer extends ConsumerFacts {
  /** Deals with the next events, about `limit` at most, and resolves to how many there were: 0 when another worker is doing it. */
  advance: (db: Kysely<Schema>, limit: number) => Promise<number>
}

/** Something that follows the log of what happened. One worker at a time runs it. */
export type Consumer = HandlingConsumer | AdvancingConsumer
