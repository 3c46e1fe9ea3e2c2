import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Say, sayOnTerminal, step } from './progress.ts'
import { type Stack, startStack } from './stack.ts'
import { repositoryRoot, type StackOptions, testStack } from './stack-options.ts'
import { findFreePorts, PortTaken } from './system/ports.ts'
import { dropAbandonedClones, ensureTemplate } from './template-database.ts'

const run = promisify(execFile)
const database = join(repositoryRoot, 'libs/database')
export const migrateCommand = join(database, 'src/cli/migrate.ts')

/** Starts the stack that tests share, and makes the template that they clone. */
export async function startTestStack(options: StackOptions = testStack()): Promise<Stack> {
  const say: Say = options.say ?? sayOnTerminal
  const stack = await startOnAnyPorts(options)
  const port = stack.postgres.primary.port
  await dropAbandonedClones(port)
  await ensureTemplate({
    port,
    fingerprint: schemaFingerprint(),
    migrate: (url) => step(say, 'template database: applying the migrations', () => migrate(url)),
  })
  return stack
}

/**
 * Tests learn the ports from the stack's description, so any will do: when another program has them (another clone's tests,
 * say) and no variable asks for them, free ones are taken and remembered.
 */
async function startOnAnyPorts(options: StackOptions): Promise<Stack> {
  try {
    return await startStack(options)
  } catch (error) {
    const asked = process.env.TEST_POSTGRES_PORT || process.env.TEST_REDIS_PORT
    if (!(error instanceof PortTaken) || asked) throw error
    const say = options.say ?? sayOnTerminal
    say(`${error.message.split(':')[0]}; the test stack takes free ports instead`)
    const postgres = { port: await findFreePorts(2), standbys: 1 }
    const redis = { port: await findFreePorts(6, 10_000) }
    return startStack({ ...options, postgres, redis })
  }
}

/** Runs the migrations in a process of their own, as `make migrate` does. */
async function migrate(url: string): Promise<void> {
  if (!existsSync(migrateCommand)) return
  await run(process.execPath, [migrateCommand], { env: { ...process.env, DATABASE_URL: url } })
}

/** Changes with every file of the schema and with the program that applies them. */
function schemaFingerprint(): string {
  const hash = createHash('sha256')
  const files = globSync(['{migrations,functions}/**/*.sql', 'src/{migrate,roles,cli}/**/*.ts'], {
    cwd: database,
  })
  for (const file of files.toSorted()) hash.update(`${file}\0`).update(readFileSync(join(database, file)))
  return hash.digest('hex')
}
