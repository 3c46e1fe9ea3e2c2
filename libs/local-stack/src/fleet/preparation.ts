import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrateCommand } from '../migrated-template.ts'
import { type Say, step } from '../progress.ts'
import type { Stack } from '../stack.ts'
import { repositoryRoot } from '../stack-options.ts'
import { stackEnvironment } from './environment.ts'
import { fingerprint } from './fingerprint.ts'

const seedCommand = join(repositoryRoot, 'libs/seed/src/cli.ts')
const rebuildCommand = join(repositoryRoot, 'libs/database/src/cli/rebuild-rollups.ts')

/** Applies the migrations that are missing. @throws when the command fails; it has said why */
export async function migrate(stack: Stack, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  if (!existsSync(migrateCommand)) return
  await step(say, 'migrations', () => runNode(migrateCommand, { ...env, ...stackEnvironment(stack, env) }))
}

/** Fills the database with the campus, or more history with ORDERS=n. Seeding again adds nothing twice. */
export async function seed(stack: Stack, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  if (!existsSync(seedCommand)) return
  await step(say, 'seeds', () => runNode(seedCommand, { ...env, ...stackEnvironment(stack, env) }))
}

/** Seeds, unless neither the seeds nor what they depend on have changed since this stack was seeded. */
export async function seedOnce(stack: Stack, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const { ORDERS, DEMO_PASSWORD } = env
  const wanted = fingerprint(['libs/seed', 'libs/database/migrations', 'libs/database/functions'], {
    ORDERS,
    DEMO_PASSWORD,
  })
  const file = join(stack.directory, 'seeded')
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return
  await seed(stack, env, say)
  writeFileSync(file, wanted)
}

/** Counts the log again into new rollups. @throws when the command fails; it has said why */
export async function rebuildRollups(stack: Stack, env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  await step(say, 'rollups', () => runNode(rebuildCommand, { ...env, ...stackEnvironment(stack, env) }))
}

/** Runs a TypeScript program in the foreground, so that what it prints is seen. */
function runNode(file: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { stdio: 'inherit', env, cwd: repositoryRoot })
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${file} ended with ${signal ?? `exit code ${code}`}`)),
    )
  })
}
