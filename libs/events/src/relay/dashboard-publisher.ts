import { type DashboardChange, dashboardNamespace } from '../dashboard-socket.ts'
import { dashboardRelayEvent } from './relay-adapter.ts'
import { createSpeakingServer, type SpeakingServerOptions } from './speaking-server.ts'

export interface DashboardPublisher {
  /** Publishes to every gateway, without waiting. The next change of the cafeteria makes up for one that is lost with Redis. */
  publish: (change: DashboardChange) => void
  close: () => Promise<void>
}

/** Publishes changes of dashboards to the gateways over Redis, which remains the caller's to close. */
export function createDashboardPublisher(options: SpeakingServerOptions): DashboardPublisher {
  const { say, close } = createSpeakingServer(dashboardNamespace, options)
  return { publish: (change) => void say(dashboardRelayEvent, change), close }
}
