import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { roleOf, servicesWithRoles } from '../libs/database/src/roles/rights.ts'
import { findBroken } from '../scripts/documents/find-broken.ts'

const root = join(import.meta.dirname, '..')

t.test('every link, heading and path that a document names is there', async (t) => {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
  const names = files.filter((file) => file.endsWith('.md'))
  const documents = new Map(names.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
  const isIgnored = (path: string) =>
    spawnSync('git', ['check-ignore', '-q', path], { cwd: root }).status === 0
  t.ok(documents.has('README.md'))
  t.same(findBroken(documents, { files, isIgnored }), [])
})

t.test('what is to be typed about the roles of services names all of them', async (t) => {
  const text = readFileSync(join(root, 'docs/database-roles.md'), 'utf8')
  const blocks = [...text.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql = '']) => sql)
  const named = (sql: string) =>
    servicesWithRoles.filter((service) => new RegExp(`_${service}\\b`).test(sql)).toSorted()
  const lists = blocks.filter((sql) => named(sql).length > 1)
  t.ok(lists.length >= 2, 'there was something to check')
  for (const sql of lists) t.same(named(sql), servicesWithRoles.toSorted(), sql)
  for (const service of servicesWithRoles) t.match(text, `| \`${roleOf(service)}\` |`)
})

const repository = {
  files: ['README.md', 'docs/guide.md', 'libs/feed/src/feed.ts', 'libs/feed/migrations/0001_first.sql'],
  isIgnored: (path: string) => path.startsWith('libs/feed/dist/'),
}
const guide = '# Guide\n\n## Start `it`, now\n\n## Twice\n\n## Twice\n'

const broken = (text: string) =>
  findBroken(
    new Map([
      ['README.md', text],
      ['docs/guide.md', guide],
    ]),
    repository,
  )

t.test('what is there is found', async (t) => {
  const texts = [
    '[guide](docs/guide.md), [docs](docs/), [start](docs/guide.md#start-it-now), [again](docs/guide.md#twice-1)',
    '# Here\n[here](#here) [web](https://comanda.test/nothing) [mail](mailto:a@comanda.test)',
    '`libs/feed/src/feed.ts`, `libs/feed/`, `src/feed.ts`, `libs/<name>/src/*.ts`, `libs/{lib}/src`',
    '`libs/feed/migrations/NNNN_name.sql`, `libs/feed/dist/server.mjs`',
    '`application/json`, `/v1/orders`, `@comanda/feed`, `a / b`, `feed.ts`',
    '```sh\n[no](nothing.md) `libs/nothing`\n```',
  ]
  for (const text of texts) t.same(broken(text), [], text)
})

t.test('what is not there is named with its document', async (t) => {
  t.same(broken('[a](docs/gide.md) [b](docs/guide.md#stop) [c](#here)'), [
    'README.md: link to docs/gide.md',
    'README.md: link to docs/guide.md#stop',
    'README.md: link to #here',
  ])
  t.same(broken('`libs/fed/src/feed.ts` `lib/feed.ts` `libs/{lib}/test`, `libs/nothing/`'), [
    'README.md: `libs/fed/src/feed.ts`',
    'README.md: `lib/feed.ts`',
    'README.md: `libs/{lib}/test`',
    'README.md: `libs/nothing/`',
  ])
})
