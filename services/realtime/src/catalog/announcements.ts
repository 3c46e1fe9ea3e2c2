import type { CatalogueChanged } from '@comanda/events'
import type { Metrics } from '@comanda/service'
import type { SocketNamespace } from '../sockets/sockets.ts'

/** A room of sockets, one per cafeteria. */
export const catalogRoom = (cafeteriaId: string) => `catalog:${cafeteriaId.toLowerCase()}`

export interface Announcements {
  /** Tells the local sockets that follow the cafeteria, unless they were told of this version or a newer one. */
  announce: (changed: CatalogueChanged) => void
  /** The cafeterias that somebody follows. */
  followed: () => string[]
}

export function createAnnouncements(sockets: SocketNamespace, metrics: Metrics): Announcements {
  const told = new Map<string, number>()
  const announced = metrics.counter({
    name: 'catalog_changes_announced_total',
    help: 'Changes of what customers see that the sockets of this gateway were told of',
  })
  const rooms = sockets.adapter.rooms

  return {
    announce(changed) {
      const { cafeteriaId, version } = changed
      const room = catalogRoom(cafeteriaId)
      // The first version of a room is told even to those who have just read it: others may have read before it.
      if (!rooms.has(room) || version <= (told.get(cafeteriaId) ?? 0)) return
      told.set(cafeteriaId, version)
      sockets.local.to(room).emit('catalog:changed', changed)
      announced.inc()
    },
    followed() {
      const prefix = catalogRoom('')
      const ids = [...rooms.keys()]
        .filter((room) => room.startsWith(prefix))
        .map((room) => room.slice(prefix.length))
      const still = new Set(ids)
      for (const cafeteriaId of told.keys()) if (!still.has(cafeteriaId)) told.delete(cafeteriaId)
      return ids
    },
  }
}
