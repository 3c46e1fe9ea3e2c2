import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { debianOfCompose } from '../../scripts/images/bases.ts'
import { root } from '../../scripts/images/buildah.ts'

// Debian has the version before the one of compose.yaml: what the scripts use is the same in both.
const programs = '/usr/lib/postgresql/17/bin'
const debian = await debianOfCompose()
const { services } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true })
const { command, environment } = services.postgres

t.test('the scripts of compose.yaml make a primary, and a replica that follows it', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'comanda-compose-postgres-'))
  t.teardown(() => rmSync(data, { recursive: true, force: true }))
  const namespaces = ['--mount', '--propagation=private', '--net', '--pid', '--fork', '--kill-child']
  const layOut = join(root, 'images/test/postgres/lay-out.sh')
  const { stdout } = await promisify(execFile)(
    'env',
    [
      '-i',
      `PATH=${programs}:/usr/sbin:/usr/bin:/sbin:/bin`,
      ...Object.entries<string>(environment).map(([name, value]) => `${name}=${value}`),
      'unshare',
      ...namespaces,
      'sh',
      layOut,
      debian,
      data,
      join(root, 'compose/postgres'),
      ...command,
    ],
    { maxBuffer: 10_000_000 },
  )
  const said = Object.fromEntries(stdout.split('\n').map((line) => line.split(': ')))
  t.match(said, {
    owner: 'comanda',
    service: 'comanda_orders',
    superuser: 'f',
    slot: 'postgres_catalogue|t',
    replica: 't|a row',
    statements: 't',
    restarted: 't',
    files: 'replica/not-copied-again',
  })
})
