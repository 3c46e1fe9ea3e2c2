import { type CatalogueChanged, catalogueNamespace } from '../catalogue-socket.ts'
import { catalogueRelayEvent } from './relay-adapter.ts'
import { createSpeakingServer, type SpeakingServerOptions } from './speaking-server.ts'

export interface CataloguePublisher {
  /** Publishes to every gateway, without waiting. What is lost with Redis the gateways find in `catalogue_versions`. */
  publish: (changed: CatalogueChanged) => void
  close: () => Promise<void>
}

/** Publishes changes of menus to the gateways over Redis, which remains the caller's to close. */
export function createCataloguePublisher(options: SpeakingServerOptions): CataloguePublisher {
  const { say, close } = createSpeakingServer(catalogueNamespace, options)
  return { publish: (changed) => void say(catalogueRelayEvent, changed), close }
}
