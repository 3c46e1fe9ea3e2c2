import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { step } from '../progress.ts'
import { asAccount } from '../system/account.ts'
import { giveTo, removeTree } from '../system/files.ts'
import { type AdminSession, asSuperuser, quoteIdentifier } from './connection.ts'
import { owner, serviceLogins, superuser } from './credentials.ts'
import {
  type PostgresRuntime,
  type PostgresServer,
  protectDirectory,
  serverEnvironment,
  startServer,
} from './server.ts'

const run = promisify(execFile)

/** Starts the primary from whatever is there: a running server, a data directory, half of one, or nothing. */
export async function startPrimary(runtime: PostgresRuntime, server: PostgresServer): Promise<void> {
  if (!existsSync(join(server.directory, 'PG_VERSION'))) await initialise(runtime, server)
  await giveTo(runtime.account, server.directory)
  await step(runtime.say, `Postgres primary on port ${server.port}`, () => startServer(runtime, server))
  await asSuperuser(server.port, createLogins)
  await asSuperuser(server.port, createExtension, 'template1')
  await asSuperuser(server.port, (session) => createDatabase(session, owner.user))
}

/** Runs initdb under another name first, so that a directory with the final name is always complete. */
async function initialise(runtime: PostgresRuntime, server: PostgresServer): Promise<void> {
  const { initdb } = await runtime.binaries()
  const making = `${server.directory}.making`
  await removeTree(making)
  await removeTree(server.directory)
  await mkdir(making, { recursive: true })
  await protectDirectory(runtime, making)
  const passwordFile = join(dirname(making), 'superuser-password')
  await writeFile(passwordFile, superuser.password, { mode: 0o600 })
  await chmod(passwordFile, 0o600)
  if (runtime.account !== null) await chown(passwordFile, runtime.account.uid, runtime.account.gid)
  const args = [
    '--pgdata',
    making,
    '--username',
    superuser.user,
    '--pwfile',
    passwordFile,
    '--auth',
    'scram-sha-256',
  ]
  // The built-in provider sorts the same way on every machine, whatever its C library and ICU.
  args.push(
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--locale-provider',
    'builtin',
    '--builtin-locale',
    'C.UTF-8',
  )
  args.push('--no-instructions', '--no-sync')
  await step(runtime.say, `Postgres data directory ${server.directory}`, () =>
    run(initdb, args, {
      cwd: making,
      env: serverEnvironment,
      ...asAccount(runtime.account),
    }),
  )
  await removeTree(passwordFile)
  await rename(making, server.directory)
}

/** The owner may make databases, as tests do, but no roles; those of the services are made here, as an administrator does elsewhere. */
async function createLogins(session: AdminSession): Promise<void> {
  await createLogin(session, owner, 'createdb')
  for (const login of serviceLogins.values()) await createLogin(session, login)
  const analytics = serviceLogins.get('analytics')
  if (analytics !== undefined)
    await session.query(
      `alter role ${quoteIdentifier(analytics.user)} set default_transaction_read_only = on`,
    )
}

async function createLogin(
  session: AdminSession,
  { user, password }: { user: string; password: string },
  attribute = '',
): Promise<void> {
  const found = await session.query('select 1 from pg_roles where rolname = $1', [user])
  if (found.length > 0) return
  await session.query(`create role ${quoteIdentifier(user)} login ${attribute} password '${password}'`)
}

/** Creates the extension, which takes a superuser, in template1, so that every database made later has it. */
async function createExtension(session: AdminSession): Promise<void> {
  await session.query('create extension if not exists pg_stat_statements')
}

async function createDatabase(session: AdminSession, name: string): Promise<void> {
  const found = await session.query('select 1 from pg_database where datname = $1', [name])
  if (found.length > 0) return
  await session.query(`create database ${quoteIdentifier(name)} owner ${quoteIdentifier(owner.user)}`)
}
