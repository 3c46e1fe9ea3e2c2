/** A cafeteria that takes orders, and what is ordered there. */
export interface ProfileKitchen {
  cafeteriaId: string
  /** Products without modifiers that must be chosen. */
  productIds: readonly string[]
  /** Moves orders. Null: nobody of the kitchen takes part, and orders stay where they are. */
  staffToken: string | null
}

/** Whom and what a run has to do with. It is made before the run and read from a file by k6 and locust. */
export interface World {
  /** Where orders answers, without `/v1`. */
  url: string
  /** Where the gateways are. */
  gatewayUrl: string
  /** An access token for each customer, valid until after the run. */
  customers: readonly string[]
  kitchens: readonly ProfileKitchen[]
}

/** Somebody who does one action. */
export interface Visitor {
  world: World
  /** Index of the customer. */
  customer: number
  token: string
  kitchen: ProfileKitchen
}
