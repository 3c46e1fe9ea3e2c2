import { type CatalogChanged, catalogNamespace } from '../catalog-socket.ts'
import { catalogRelayEvent } from './relay-adapter.ts'
import { createSpeakingServer, type SpeakingServerOptions } from './speaking-server.ts'

export interface CatalogPublisher {
  /** Tells every gateway, without waiting. What is lost with Redis the gateways find in `catalogue_versions`. */
  publish: (changed: CatalogChanged) => void
  close: () => Promise<void>
}

export function createCatalogPublisher(options: SpeakingServerOptions): CatalogPublisher {
  const { say, close } = createSpeakingServer(catalogNamespace, options)
  return { publish: (changed) => void say(catalogRelayEvent, changed), close }
}
