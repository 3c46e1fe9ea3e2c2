// Before all other imports: it sets what V8 reads when it starts (ADR 15).
import '@comanda/service/engine'
import { startService } from '@comanda/service'
import { closeServiceDependencies, openServiceDependencies } from '@comanda/service/dependencies'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'

try {
  const config = readConfig()
  const dependencies = await openServiceDependencies({ name: 'analytics', config })
  const app = await buildApp(dependencies)
  await startService(app, config, () => closeServiceDependencies(dependencies))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
