import type { CatalogueChanged } from '@comanda/events'
import type { Metrics } from '@comanda/service'
import type { SocketNamespace } from '../sockets/sockets.ts'

/** The room of the sockets that follow a cafeteria's catalogue. */
export const catalogueRoom = (cafeteriaId: string) => `catalog:${cafeteriaId.toLowerCase()}`

export interface Announcements {
  /** Publishes a change to the local sockets that follow the cafeteria, unless this version or a newer one was published before. */
  announce: (changed: CatalogueChanged) => void
  /** The cafeterias that at least one local socket follows. */
  followed: () => string[]
}

export function createAnnouncements(sockets: SocketNamespace, metrics: Metrics): Announcements {
  const announcedVersions = new Map<string, number>()
  const announced = metrics.counter({
    name: 'catalog_changes_announced_total',
    help: 'Changes of catalogues that this gateway published to its sockets',
  })
  const rooms = sockets.adapter.rooms

  return {
    announce(changed) {
      const { cafeteriaId, version } = changed
      const room = catalogueRoom(cafeteriaId)
      // The first version seen for a room is published even if the newest subscriber has just read it: others may have read an older one.
      if (!rooms.has(room) || version <= (announcedVersions.get(cafeteriaId) ?? 0)) return
      announcedVersions.set(cafeteriaId, version)
      sockets.local.to(room).emit('catalog:changed', changed)
      announced.inc()
    },
    followed() {
      const prefix = catalogueRoom('')
      const ids = [...rooms.keys()]
        .filter((room) => room.startsWith(prefix))
        .map((room) => room.slice(prefix.length))
      const still = new Set(ids)
      for (const cafeteriaId of announcedVersions.keys())
        if (!still.has(cafeteriaId)) announcedVersions.delete(cafeteriaId)
      return ids
    },
  }
}
