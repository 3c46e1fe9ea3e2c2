import { accessErrors } from '@comanda/access'
import type { Database } from '@comanda/database'
import type { Dashboard } from '@comanda/events'
import type { Logger } from '@comanda/service'
import { gatherReads } from '../sockets/gather-reads.ts'
import type { SocketNamespace } from '../sockets/sockets.ts'
import { listDashboards } from './dashboard.repository.ts'

/** The room of the sockets that watch a cafeteria's dashboard. */
export const dashboardRoom = (cafeteriaId: string) => `dashboard:${cafeteriaId.toLowerCase()}`

export interface Dashboards {
  /** Reads a cafeteria's dashboard as it is now. @throws AppError cafeteria_not_found */
  get: (cafeteriaId: string) => Promise<Dashboard>
  /** The feed of a cafeteria has moved: whoever watches its dashboard is sent a new one, once a second at most. */
  moved: (cafeteriaId: string) => void
  stop: () => void
}

const leastMilliseconds = 1000

/** Computes dashboards: once per cafeteria however many sockets watch it, and not at all while none does. */
export function createDashboards(options: {
  sockets: SocketNamespace
  database: Database
  log: Logger
}): Dashboards {
  const { sockets, database, log } = options
  const find = gatherReads((ids) => database.read('primary', (db) => listDashboards(db, ids)))
  // The number of cafeterias bounds these maps.
  const pushedAt = new Map<string, number>()
  const pushing = new Map<string, NodeJS.Timeout>()
  const movedAgain = new Set<string>()
  let stopped = false

  async function get(cafeteriaId: string): Promise<Dashboard> {
    const found = await find(cafeteriaId)
    if (!found) throw accessErrors.cafeteria_not_found()
    return found
  }

  function moved(cafeteriaId: string): void {
    if (pushing.has(cafeteriaId)) {
      movedAgain.add(cafeteriaId)
    } else if (!stopped && sockets.adapter.rooms.has(dashboardRoom(cafeteriaId))) {
      const due = (pushedAt.get(cafeteriaId) ?? 0) + leastMilliseconds
      const timer = setTimeout(() => void push(cafeteriaId), Math.max(0, due - performance.now()))
      pushing.set(cafeteriaId, timer)
    }
  }

  async function push(cafeteriaId: string): Promise<void> {
    pushedAt.set(cafeteriaId, performance.now())
    // The read below includes every move up to here.
    movedAgain.delete(cafeteriaId)
    try {
      const dashboard = await get(cafeteriaId)
      sockets.local.to(dashboardRoom(cafeteriaId)).emit('dashboard:updated', { cafeteriaId, dashboard })
    } catch (err) {
      log.warn({ err, cafeteriaId }, 'dashboard not read')
      movedAgain.add(cafeteriaId)
    }
    pushing.delete(cafeteriaId)
    if (movedAgain.has(cafeteriaId)) moved(cafeteriaId)
  }

  return {
    get,
    moved,
    stop() {
      stopped = true
      for (const timer of pushing.values()) clearTimeout(timer)
    },
  }
}
