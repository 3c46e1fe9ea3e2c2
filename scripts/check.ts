import { globSync } from 'node:fs'
import { type Check, runCheck } from './checks/run-check.ts'

const script = (name: string, ...args: string[]) => [process.execPath, `scripts/${name}`, ...args]
const migrations = globSync('libs/database/migrations/*.sql').toSorted()
const buildsIndex = (file: string) => file.endsWith('.concurrently.sql')

// The slowest first, because they all start at once.
const checks: Check[] = [
  // One checker: several would each work out the same schema types again.
  { name: 'types', command: ['tsc', '-p', '.', '--checkers', '1'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings', '--format=unix'] },
  {
    name: 'linear patterns',
    // Node calls its removal of types experimental; it is what runs everything here.
    command: [process.execPath, '--disable-warning=ExperimentalWarning', 'scripts/linear-patterns.ts'],
  },
  { name: 'openapi', command: script('openapi.ts', '--check') },
  { name: 'rest client', command: script('rest-client.ts', '--check') },
  { name: 'schema', command: script('schema.ts', '--check') },
  { name: 'environment', command: script('env-example.ts', '--check') },
  { name: 'dashboards', command: script('dashboards.ts', '--check') },
  { name: 'breaking changes', command: script('breaking-changes.ts') },
  { name: 'folder loops', command: script('folder-loops.ts') },
  { name: 'short waits', command: script('short-waits.ts') },
  { name: 'format', command: ['biome', 'check', '--reporter=summary'] },
  { name: 'migrations', command: ['squawk', ...migrations.filter((file) => !buildsIndex(file))] },
]
const indexes = migrations.filter(buildsIndex)
// libs/database/src/migrate/build-index.ts sets their time-outs, and sees to it that they can be repeated.
const outside = [
  '--no-assume-in-transaction',
  '--exclude',
  'prefer-robust-stmts,require-lock-timeout,require-statement-timeout',
]
if (indexes.length > 0) checks.push({ name: 'indexes', command: ['squawk', ...outside, ...indexes] })

const passed = await Promise.all(checks.map(runCheck))
if (passed.includes(false)) process.exitCode = 1
