import type { DashboardChange } from '@comanda/events'
import type { SocketNamespace } from '../sockets/sockets.ts'

/** The room of the sockets that follow a cafeteria's dashboard. */
export const dashboardRoom = (cafeteriaId: string) => `dashboard:${cafeteriaId.toLowerCase()}`

export interface PacedChanges {
  /** Sends a change to the local sockets that follow the dashboard: at once, or a second after the one before. */
  send: (change: DashboardChange) => void
  stop: () => void
}

const leastMilliseconds = 1000

/**
 * Sends at most one change per second and cafeteria, however many workers publish them. Of the changes that come within that second only
 * the newest is sent, because its values are absolute.
 */
export function createPacedChanges(sockets: SocketNamespace): PacedChanges {
  // Holds the cafeterias of which a change was sent within the last second, each with the newest one that has come since, if any.
  const waiting = new Map<string, { timer: NodeJS.Timeout; change: DashboardChange | undefined }>()

  function sendNow(change: DashboardChange): void {
    const { cafeteriaId } = change
    const room = dashboardRoom(cafeteriaId)
    if (!sockets.adapter.rooms.has(room)) return
    sockets.local.to(room).emit('dashboard:updated', change)
    waiting.set(cafeteriaId, {
      timer: setTimeout(proceed, leastMilliseconds, cafeteriaId),
      change: undefined,
    })
  }

  function proceed(cafeteriaId: string): void {
    const next = waiting.get(cafeteriaId)?.change
    waiting.delete(cafeteriaId)
    if (next) sendNow(next)
  }

  return {
    send(change) {
      const pause = waiting.get(change.cafeteriaId)
      if (!pause) sendNow(change)
      else if (change.number >= (pause.change?.number ?? 0)) pause.change = change
    },
    stop() {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
