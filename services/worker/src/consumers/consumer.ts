import type { Schema } from '@comanda/database'
import type { LoggedEvent } from '@comanda/events/log'
import type { Kysely, Transaction } from 'kysely'

interface ConsumerBase {
  /** Its name in kebab-case, the key of its row in `event_positions` and the label of its metrics. Another name is another consumer. */
  name: string
  /** The name of the job that runs it. */
  job: string
  /** Where it begins when it first runs: with the first event of the log, or with the events from then on. */
  from: 'beginning' | 'now'
  /** The shortest time between the beginnings of two polls. Events of that time are read together. */
  leastSeconds: number
  /** Called every second with its lag, for a metric of its own. */
  onLag?: (seconds: number) => void
}

/** A consumer that is given the next events, in the order of (xid, id), and deals with them. */
export interface HandlingConsumer extends ConsumerBase {
  /**
   * When this resolves, the position moves in `tx`. Effects written in `tx` happen exactly once. Effects elsewhere happen at least
   * once: when it throws, or its worker is lost, the same events are handled again. A transaction that has written holds up every
   * consumer until it ends, so anything slow comes before the first write.
   */
  handle?: (events: readonly LoggedEvent[], tx: Transaction<Schema>) => Promise<void>
  /** Called with the same events when the position has moved, at most once for each: for what this process only counts. */
  handled?: (events: readonly LoggedEvent[]) => void
}

/** A consumer whose effect and position are one SQL function, so that each event has its effect exactly once. */
export interface AdvancingConsumer extends ConsumerBase {
  /** Handles the next events, about `limit` at most, and resolves to how many there were: 0 while another worker holds the position. */
  advance: (db: Kysely<Schema>, limit: number) => Promise<number>
}

/** A consumer of the event log. One worker at a time runs it. */
export type Consumer = HandlingConsumer | AdvancingConsumer
