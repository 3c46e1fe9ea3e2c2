import type { DashboardChange } from '@comanda/events'
import type { Dashboard } from '../rest/generated/types.gen.ts'
import type { BackoffLimits } from './backoff.ts'
import { callListener } from './call-listener.ts'
import type { Conversation } from './conversation.ts'
import type { DashboardListener } from './listeners.ts'
import { dayIn, mergeDashboard } from './merge-dashboard.ts'
import type { Followed } from './registry.ts'
import type { RestReads } from './rest-reads.ts'
import { singleRead } from './single-read.ts'
import type { Timers } from './timers.ts'

const minute = 60_000
/** The dashboard is read again after this many minutes, whatever happens. */
const mostMinutes = 5

export interface FollowedDashboardOptions {
  conversation: Conversation
  rest: RestReads
  timers: Timers
  backoff: BackoffLimits
  onRefused: () => void
}

/** A cafeteria's dashboard, followed by one or more listeners. */
export interface FollowedDashboard extends Followed<DashboardListener> {
  disconnected: () => void
  accept: (change: DashboardChange) => void
}

/**
 * Follows a cafeteria's dashboard: it is read over REST after the gateway has accepted the subscription, and the changes that the gateway
 * sends are merged into it. It is read again after a reconnect, when a new day begins where the cafeteria is, and within a minute of a
 * change, because a change carries only a part of it. While the connection is lost it is read once a minute, and otherwise at least every
 * five minutes, so that it is right whatever was lost.
 */
export function followedDashboard(
  cafeteriaId: string,
  { conversation, rest, timers, backoff, onRefused }: FollowedDashboardOptions,
): FollowedDashboard {
  const listeners = new Set<DashboardListener>()
  let answer: Dashboard | undefined
  let change: DashboardChange | undefined
  let linked = false
  let hasChanged = false
  let minutes = 0
  let stopTimer: (() => void) | undefined

  const reading = singleRead({
    async read() {
      hasChanged = false
      minutes = 0
      answer = await rest.getDashboard(cafeteriaId)
    },
    wanted: () => listeners.size > 0,
    onDone: show,
    timers,
    backoff,
  })

  function show(): void {
    if (answer === undefined) return
    const dashboard = mergeDashboard(answer, change)
    for (const listener of listeners) callListener(() => listener.onDashboard(dashboard))
  }

  function everyMinute(): void {
    stopTimer = timers.later(minute, everyMinute)
    minutes += 1
    const isOver = answer !== undefined && dayIn(answer.timeZone) > answer.to
    if (!linked || hasChanged || isOver || minutes >= mostMinutes) reading.want()
  }

  function end(): void {
    stopTimer?.()
    stopTimer = undefined
    listeners.clear()
  }

  async function subscribe(): Promise<void> {
    const { ask } = conversation
    const outcome = await ask('dashboard:subscribe', { cafeteriaId }, () => listeners.size > 0)
    if (outcome === 'lost') return
    if (outcome.ok) {
      stopTimer ??= timers.later(minute, everyMinute)
      return reading.want()
    }
    onRefused()
    for (const listener of listeners) callListener(() => listener.onRefused?.(outcome.code))
    end()
  }

  return {
    add(listener) {
      listeners.add(listener)
      const known = answer
      if (known) callListener(() => listener.onDashboard(mergeDashboard(known, change)))
    },
    remove(listener) {
      listeners.delete(listener)
      if (listeners.size > 0) return false
      end()
      return true
    },
    connected() {
      linked = true
      // Its number may belong to a database that was restored from an older state since.
      change = undefined
      void subscribe()
    },
    disconnected() {
      linked = false
    },
    accept(next) {
      if (change && next.number < change.number) return
      change = next
      hasChanged = true
      if (answer !== undefined && next.day > answer.to) reading.want()
      else show()
    },
    end,
  }
}
