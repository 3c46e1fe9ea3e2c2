import { createPaymentProviders, type PaymentProviders } from '@comanda/payments'
import { openServiceDependencies, type ServiceDependencies } from '@comanda/service/dependencies'
import type { Config } from './config.ts'

/** What the app is built over. */
export interface Dependencies extends ServiceDependencies<Config> {
  providers: PaymentProviders
}

/** Opens pools and connections; none of them waits for its server. */
export async function openDependencies(config: Config): Promise<Dependencies> {
  const dependencies = await openServiceDependencies({ name: 'orders', config })
  return { ...dependencies, providers: createPaymentProviders(config) }
}
