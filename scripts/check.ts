import { globSync } from 'node:fs'
import { type Check, runCheck } from './checks/run-check.ts'

const script = (name: string, ...args: string[]) => [process.execPath, `scripts/${name}`, ...args]

// The slowest first, because they all start at once.
const checks: Check[] = [
  // One checker: several would each work out the same schema types again.
  { name: 'types', command: ['tsc', '-p', '.', '--checkers', '1'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings', '--format=unix'] },
  { name: 'openapi', command: script('openapi.ts', '--check') },
  { name: 'environment', command: script('env-example.ts', '--check') },
  { name: 'breaking changes', command: script('breaking-changes.ts') },
  { name: 'folder loops', command: script('folder-loops.ts') },
  { name: 'format', command: ['biome', 'check', '--reporter=summary'] },
  { name: 'migrations', command: ['squawk', ...globSync('libs/database/migrations/*.sql').toSorted()] },
]

const passed = await Promise.all(checks.map(runCheck))
if (passed.includes(false)) process.exitCode = 1
