import type { Campus, Kitchen } from '../campus.ts'
import type { Watchers } from './find-stale.ts'
import { openPhone, openScreen } from './watchers.ts'

/** Opens a phone for every customer, and so many screens, spread over the kitchens. */
export function openWatchers(options: {
  campus: Campus
  screenCount: number
  gatewayUrl: string
  ordersUrl: string
}): Watchers & { close: () => void } {
  const { campus, screenCount, ...urls } = options
  const phones = campus.customers.map((token) => openPhone({ ...urls, token }))
  const screens = Array.from({ length: screenCount }, (_, index) => {
    const { cafeteriaId, staffToken } = campus.kitchens[index % campus.kitchens.length] as Kitchen
    return openScreen({ ...urls, cafeteriaId, token: staffToken })
  })
  return {
    phones,
    screens,
    close() {
      for (const { client } of [...phones, ...screens]) client.close()
    },
  }
}
