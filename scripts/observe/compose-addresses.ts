import { findServices } from '../../libs/local-stack/src/fleet/services.ts'
import type { ObserverName } from './find-programs.ts'

/** Where a fleet listens on this machine, as `host:port`. */
export interface FleetAddresses {
  /** The addresses of each service by its name: that of the API, and that of the metrics. */
  services: Record<string, { api: string; metrics: string }>
  /** The six nodes of Redis. */
  redisNodes: readonly string[]
}

/**
 * Returns where each `host:port` of compose/prometheus.yaml is on this machine.
 * @param at where an observer listens
 */
export function composeAddresses(
  { services, redisNodes }: FleetAddresses,
  at: (observer: ObserverName) => string,
): Map<string, string> {
  return new Map([
    ...findServices({}).flatMap(({ name, port }): [string, string][] => {
      const here = services[name]
      return here
        ? [
            [`${name}:${port}`, here.api],
            [`${name}:${port + 100}`, here.metrics],
          ]
        : []
    }),
    ...redisNodes.map((node, index): [string, string] => [`redis-${index}:6379`, node]),
    ['node-exporter:9100', at('node')],
    ['postgres-exporter:9187', at('postgres')],
    ['redis-exporter:9121', at('redis')],
    ['blackbox-exporter:9115', at('blackbox')],
    ['alertmanager:9093', at('alertmanager')],
    ['localhost:9090', at('prometheus')],
  ])
}
