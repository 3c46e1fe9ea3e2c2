import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { variables } from '../libs/local-stack/src/variables.ts'
import { readConfigurations } from './environment/configurations.ts'
import { envExample } from './environment/env-example.ts'

// Writes .env.example from the configuration schemas; with --check it only fails when that would change it.
const file = join(import.meta.dirname, '../.env.example')
const text = envExample(variables, await readConfigurations())
if (!process.argv.includes('--check')) {
  writeFileSync(file, text)
  console.log('wrote .env.example')
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.log('.env.example is not what the configuration schemas say: run `make env-example` and commit it.')
  process.exitCode = 1
}
