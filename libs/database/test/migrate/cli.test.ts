import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { cloneTestDatabase } from '@comanda/local-stack/testing'
import t, { type Test } from 'tap'

const command = join(import.meta.dirname, '../../src/cli/migrate.ts')

function runMigrate(url: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command], {
    env: { ...process.env, DATABASE_URL: url },
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

async function clone(t: Test) {
  const database = await cloneTestDatabase()
  t.teardown(() => database.drop())
  const hostOf = (url: string) => new URL(url).host
  const withHosts = (...hosts: string[]) => database.url.replace(hostOf(database.url), hosts.join(','))
  return { primary: hostOf(database.url), standby: hostOf(database.replicaUrl), withHosts }
}

t.test('of several hosts the one that takes writes is migrated', async (t) => {
  const { primary, standby, withHosts } = await clone(t)
  for (const url of [withHosts(primary), withHosts('127.0.0.1:1', standby, primary)]) {
    t.strictSame(runMigrate(url), { status: 0, output: 'the schema is up to date\n' })
  }
})

t.test('with no host that takes writes nothing is migrated, and it says why', async (t) => {
  const { standby, withHosts } = await clone(t)
  t.strictSame(runMigrate(withHosts(standby, '127.0.0.1:1')), {
    status: 1,
    output: 'None of the hosts takes writes.\n',
  })
})
