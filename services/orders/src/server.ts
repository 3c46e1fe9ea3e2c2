// Before all other imports: it sets what V8 reads when it starts (ADR 15).
import '@comanda/service/engine'
import { runService } from '@comanda/service/dependencies'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { openDependencies } from './dependencies.ts'

await runService({ readConfig, open: openDependencies, build: buildApp })
