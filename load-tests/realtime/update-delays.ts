/** An event of an order, and when its transaction was committed, in milliseconds since 1970. */
export interface CommittedEvent {
  cafeteriaId: string
  /** The id of its transaction. */
  transaction: number
  committedAt: number
}

/** A `dashboard:updated` that arrived. */
export interface ArrivedUpdate {
  cafeteriaId: string
  /** The `number` of the change: the last transaction whose events are counted. */
  number: number
  receivedAt: number
}

export interface UpdateDelay {
  /** From the commit of an event to the arrival of the first update that counts it, in milliseconds. */
  total: number
  /** How much of it passed while no update could be sent, because one had been sent within the second before. */
  paused: number
}

/** The least time between two updates of a cafeteria. */
const pauseMilliseconds = 1000

/**
 * The delay of each event, in the order of the events.
 * @param updates in the order in which they arrived
 * @throws Error when no update counts an event
 */
export function updateDelays(
  events: readonly CommittedEvent[],
  updates: readonly ArrivedUpdate[],
): UpdateDelay[] {
  const ofCafeterias = Map.groupBy(updates, ({ cafeteriaId }) => cafeteriaId)
  return events.map(({ cafeteriaId, transaction, committedAt }) => {
    const ofCafeteria = ofCafeterias.get(cafeteriaId) ?? []
    const index = ofCafeteria.findIndex(({ number }) => number >= transaction)
    const update = ofCafeteria[index]
    if (update === undefined) throw new Error(`no update of ${cafeteriaId} counts transaction ${transaction}`)
    const before = ofCafeteria[index - 1]?.receivedAt ?? Number.NEGATIVE_INFINITY
    const pausedUntil = Math.min(before + pauseMilliseconds, update.receivedAt)
    return {
      total: update.receivedAt - committedAt,
      paused: Math.max(0, pausedUntil - Math.max(before, committedAt)),
    }
  })
}
