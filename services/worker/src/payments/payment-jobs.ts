import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { PaymentProviders } from '@comanda/payments'
import type { Logger, Metrics } from '@comanda/service'
import type { ClaimLimits } from './claims.repository.ts'

export interface PaymentJobOptions {
  database: Database
  providers: PaymentProviders
  timeoutSeconds: number
  log: Logger
  metrics: Metrics
  everySeconds: number
  changes: Pick<CatalogueChanges, 'stockChanged'>
  /** Called after a payment moved its order. */
  wake: () => void
}

/** How many payments are claimed per provider, and so how many calls one batch may have open at each. */
const batchSize = 20

/** A batch calls the provider at most twice for each payment, so a lease only runs out when its worker has died. */
export function claimLimits({ providers, timeoutSeconds }: PaymentJobOptions): ClaimLimits {
  return { providers: providers.names, limit: batchSize, leaseSeconds: 2 * timeoutSeconds + 5 }
}

/**
 * Works on all claimed items at once; one that fails holds up no other, and is due again when its lease ends.
 * @returns whether the batch of a provider was full
 * @throws the first failure, when all are done
 */
export async function forEachClaimed<T extends { provider: string }>(
  claimed: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<boolean> {
  const results = await Promise.allSettled(claimed.map(work))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
  const batches = Map.groupBy(claimed, ({ provider }) => provider)
  return [...batches.values()].some(({ length }) => length === batchSize)
}
