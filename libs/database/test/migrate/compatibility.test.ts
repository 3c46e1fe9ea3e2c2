import { migrate } from '@comanda/database'
import t from 'tap'
import { readVersionedFiles, schemaFolder } from '#src/migrate/schema-files.ts'
import { schemaVersion } from '#src/migrate/schema-version.ts'
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
