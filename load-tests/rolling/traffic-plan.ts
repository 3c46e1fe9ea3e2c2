import type { Kitchen } from '../campus.ts'

export interface TrafficPlan {
  url: string
  /** A token each. */
  customers: readonly string[]
  kitchens: readonly Kitchen[]
  ordersPerSecond: number
  readsPerSecond: number
  seconds: number
}
