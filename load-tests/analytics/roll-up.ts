import pg from 'pg'
import { processorSeconds } from '../measuring/process-cost.ts'

/** What one event costs, in microseconds. */
export interface EventCost {
  /** Processor time of Postgres, counted in hundredths of a second: others' work on the machine hardly changes it. */
  processor: number
  elapsed: number
}

export type BatchSize = 100 | 1000
export type RollUpCosts = Record<BatchSize, { first: EventCost; last: EventCost }>

const measuredBatches = [100, 1000] as const
const otherBatch = 5000

/**
 * Rolls up the whole log, as a worker does, and measures how much work an event is in the first tenth of it and in the last.
 * @param most how many events are rolled up in batches of a measured size, at most, at either end
 */
export async function rollUpAll(primaryUrl: string, most: number): Promise<RollUpCosts> {
  const client = new pg.Client(primaryUrl)
  await client.connect()
  try {
    await client.query(
      `insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0) on conflict do nothing`,
    )
    const { rows } = await client.query<{ pid: number; events: number }>(
      'select pg_backend_pid() as pid, count(*)::float8 as events from events',
    )
    const { pid, events } = rows[0] as { pid: number; events: number }
    const measured = Math.min(most, Math.ceil(events / 10 / measuredBatches.length))
    let left = events

    async function rollUp(wanted: number, batch: number): Promise<EventCost> {
      const [started, processor] = [performance.now(), await processorSeconds(pid)]
      let done = 0
      while (done < wanted) {
        const { rows } = await client.query<{ events: number }>('select events from roll_up($1)', [
          Math.min(batch, wanted - done),
        ])
        const rolled = (rows[0] as { events: number }).events
        if (rolled === 0) throw new Error(`${left} events are left that roll_up does not take`)
        done += rolled
        left -= rolled
      }
      return {
        processor: (((await processorSeconds(pid)) - processor) * 1e6) / done,
        elapsed: ((performance.now() - started) * 1e3) / done,
      }
    }

    const first = { 100: await rollUp(measured, 100), 1000: await rollUp(measured, 1000) }
    const middle = left - 2 * measured
    if (middle > 0) await rollUp(middle, otherBatch)
    const last = { 100: await rollUp(Math.ceil(left / 2), 100), 1000: await rollUp(left, 1000) }
    return {
      100: { first: first[100], last: last[100] },
      1000: { first: first[1000], last: last[1000] },
    }
  } finally {
    await client.end()
  }
}
