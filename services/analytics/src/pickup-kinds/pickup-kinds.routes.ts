import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { pickupKindsNumbers } from './pickup-kinds.queries.ts'
import { PickupKindsNumbers } from './pickup-kinds.schema.ts'

export function pickupKinds(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'pickup-kinds',
    operationId: 'getPickupKinds',
    summary: 'How many orders were wanted as soon as possible, and how many in a slot',
    answer: 'PickupKinds',
    schemas: [PickupKindsNumbers],
    numbers: PickupKindsNumbers,
    select: () => pickupKindsNumbers,
  })
}
