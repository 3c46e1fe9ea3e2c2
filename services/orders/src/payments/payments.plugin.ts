import type { Service } from '@comanda/service'
// SQL functions refuse with these codes, so nothing here throws them by name, but the routes declare them.
import './payments.errors.ts'
import { paymentRoutes } from './payments.routes.ts'
import { paymentSchemas } from './payments.schema.ts'
import type { PaymentsDependencies } from './payments.service.ts'
import {
  providerWebhookRoutes,
  providerWebhookSchemas,
  type WebhookDependencies,
} from './provider-webhooks.routes.ts'

export async function payments(
  app: Service,
  dependencies: PaymentsDependencies & WebhookDependencies,
): Promise<void> {
  for (const schema of [...paymentSchemas, ...providerWebhookSchemas]) app.addSchema(schema)
  paymentRoutes(app, dependencies)
  await app.register((scope) => providerWebhookRoutes(scope as Service, dependencies))
}
