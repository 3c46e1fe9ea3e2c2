import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTestStack } from '../libs/local-stack/src/migrated-template.ts'
import { exporters } from './metrics/exporters.ts'
import { readFleetMetrics } from './metrics/fleet-metrics.ts'
import { metricsPage } from './metrics/metrics-page.ts'

// Writes docs/metrics.md from what the running services expose.
await startTestStack()
const page = metricsPage((await readFleetMetrics()).values(), exporters)
writeFileSync(join(import.meta.dirname, '../docs/metrics.md'), page)
console.log('wrote docs/metrics.md')
