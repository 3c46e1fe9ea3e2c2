import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { programOf } from '../../scripts/charts/go.ts'
import { root } from '../../scripts/images/buildah.ts'
import { composeLoader } from '../../scripts/images/versions.ts'

const text = readFileSync(join(root, 'compose.yaml'), 'utf8')

/** What docker compose itself makes of a file. @throws with what it says */
async function load(t: Test, compose: string) {
  const folder = mkdtempSync(join(tmpdir(), 'comanda-compose-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'compose.yaml'), compose)
  const program = programOf(composeLoader)
  const { stdout } = await promisify(execFile)(program, ['--format=json', 'compose.yaml'], { cwd: folder })
  return JSON.parse(stdout)
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
