import type { Database } from '@comanda/database'
import type { PaymentProviders } from '@comanda/payments'
import type { Logger, Metrics } from '@comanda/service'
import type { Claim } from './claims.repository.ts'

export interface PaymentJobOptions {
  database: Database
  providers: PaymentProviders
  timeoutSeconds: number
  log: Logger
  metrics: Metrics
  everySeconds: number
  /** Called after a payment moved its order. */
  wake: () => void
}

/** Asked about at once: as many calls as one batch may have open at each provider. */
const batchSize = 20

/** A batch asks the provider at most twice about each; only a worker that died leaves a lease to run out. */
export function claimOf({ providers, timeoutSeconds }: PaymentJobOptions): Claim {
  return { providers: providers.names, limit: batchSize, leaseSeconds: 2 * timeoutSeconds + 5 }
}

/**
 * Works on all at once; one that fails holds up no other. What failed is due again when its lease ends.
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
