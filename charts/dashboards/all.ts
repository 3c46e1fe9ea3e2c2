import { business } from './business.ts'
import { database } from './database.ts'
import { deployment } from './deployment.ts'
import { infrastructure } from './infrastructure.ts'
import { operational } from './operational.ts'

/** Every dashboard by the name of its file in charts/comanda/dashboards. */
export const dashboards: Readonly<Record<string, object>> = {
  business,
  database,
  deployment,
  infrastructure,
  operational,
}
