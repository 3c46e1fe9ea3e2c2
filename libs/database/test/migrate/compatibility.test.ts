import { createDatabase, databaseChecks, migrate } from '@comanda/database'
import t from 'tap'
import { readVersionedFiles, schemaFolder } from '#src/migrate/schema-files.ts'
import { schemaVersion } from '#src/migrate/schema-version.ts'
import { testOptions } from '../open-database.ts'
import { copySchema, openClone, valueOf } from './schema-copy.ts'

const version = schemaVersion + 1

t.test('the version of this program is at least the number of its newest migration', async (t) => {
  const newest = (await readVersionedFiles(schemaFolder)).at(-1)?.name ?? ''
  t.ok(Number(newest.slice(0, 4)) <= schemaVersion, newest)
})

t.test('a schema of a newer program on which this one runs is left alone', async (t) => {
  const { url, client } = await openClone(t)
  const newer = copySchema(t)
  newer.write('migrations/9001_extra.sql', 'create table extra (id integer);')
  newer.edit('functions/ledger/clearing_account.sql', 'language sql', 'cost 7 language sql')
  await migrate(url, { folder: newer.folder, version })
  t.strictSame(await migrate(url), { migrations: [], functions: [], newerVersion: version })
  t.equal(
    await valueOf(client, `select procost from pg_proc where proname = 'clearing_account'`),
    7,
    'its functions too',
  )
  t.equal(await valueOf(client, `select version from schema_version`), version)
})

t.test('a program that cannot run on a schema says which release can', async (t) => {
  const { url } = await openClone(t)
  const newer = copySchema(t)
  newer.write(
    'migrations/9001_less.sql',
    `update schema_version set oldest_program = ${version}, oldest_release = '0.7.0';`,
  )
  await migrate(url, { folder: newer.folder, version })
  await t.rejects(migrate(url), {
    message: `The schema of the database is at version ${version}, on which this program (${schemaVersion}) cannot run: use release 0.7.0 or later.`,
  })
})

t.test('a service is not ready on a schema that it cannot run on, and says once what to do', async (t) => {
  const { url, client } = await openClone(t)
  const warnings: object[] = []
  const log = { warn: (context: object) => void warnings.push(context), info: () => {} }
  const cases: [statement: string, problem: RegExp][] = [
    [`update schema_version set version = 0`, /is at version 0, and this program needs .*: run migrate/],
    [
      `update schema_version set version = ${version}, oldest_program = ${version}, oldest_release = '0.7.0'`,
      /use release 0\.7\.0 or later/,
    ],
    [`drop table schema_version`, /is at version 0/],
  ]
  for (const [statement, problem] of cases) {
    const database = createDatabase(testOptions(url, { log }))
    const [check] = databaseChecks(database)
    warnings.length = 0
    await client.query(statement)
    for (let n = 0; n < 2; n += 1)
      t.match(await check?.check(), { status: 'unhealthy', details: { schema: problem } }, statement)
    t.match(warnings, [{ problem }])
    t.equal(warnings.length, 1)
    await database.close()
  }
})

t.test(
  'a service runs on a schema of a newer program that is compatible, and after it was migrated',
  async (t) => {
    const { url, client } = await openClone(t)
    await client.query(`update schema_version set version = ${version}`)
    const database = createDatabase(testOptions(url))
    const [check] = databaseChecks(database)
    t.match(await check?.check(), { status: 'healthy' })
    await database.close()
    await client.query(`update schema_version set version = 0`)
    const late = createDatabase(testOptions(url))
    const [lateCheck] = databaseChecks(late)
    t.match(await lateCheck?.check(), { status: 'unhealthy' })
    await migrate(url)
    t.match(await lateCheck?.check(), { status: 'healthy' }, 'without a restart')
    await late.close()
  },
)
