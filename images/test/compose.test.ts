import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { root } from '../../scripts/images/buildah.ts'
import { dockerCompose } from '../../scripts/images/docker-compose.ts'

const text = readFileSync(join(root, 'compose.yaml'), 'utf8')

/** What docker compose itself makes of a file. @throws with what it says */
async function load(t: Test, compose: string) {
  const folder = mkdtempSync(join(tmpdir(), 'comanda-compose-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'compose.yaml'), compose)
  return JSON.parse(await dockerCompose(folder, 'config', '--format=json'))
}

t.test('docker compose takes the file, with every service in it', async (t) => {
  const { services } = await load(t, text)
  t.ok(Object.keys(services).length > 20)
  t.match(services.worker.environment, { NODE_ENV: 'development', PAYMENT_PROVIDER: 'sandbox' })
  t.equal(services.realtime.develop.watch.length, 3)
})

const spoilt = {
  'a key that there is none of': text.replace('stop_grace_period', 'stop_grace_time'),
  'a service that waits for nobody': text.replace('depends_on: { migrate:', 'depends_on: { migration:'),
  'an action that there is none of': text.replace('action: rebuild', 'action: reload'),
}
for (const [what, compose] of Object.entries(spoilt)) {
  t.test(`it would refuse ${what}`, async (t) => {
    t.not(compose, text)
    await t.rejects(load(t, compose))
  })
}
