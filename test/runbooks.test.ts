import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { openPlainDatabase } from '../libs/database/src/index.ts'
import { cloneTestDatabase } from '../libs/local-stack/src/testing.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const runbooks = globSync('docs/runbooks/*.md', { cwd: root }).map((file) => ({
  name: basename(file),
  text: read(file),
}))

/** The blocks of a language, without the indent of a list. */
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))].map(
    ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )

/** `kind/name` of everything that the chart and k8s/ make in production, and what operators make of that. */
const made = new Set(
  ['charts/renders/production.yaml', ...globSync('k8s/**/*.yaml', { cwd: root })]
    .flatMap((file) => parseAllDocuments(read(file)))
    .map((document) => document.toJS() as { kind?: string; metadata?: { name?: string } } | null)
    .map((object) => `${object?.kind?.toLowerCase()}/${object?.metadata?.name}`),
)
// CloudNativePG numbers its pods; the redis-operator adds leader and follower to the name of its cluster.
const pods = new Set([
  ...(made.has('cluster/comanda-db') ? ['comanda-db-1'] : []),
  ...(made.has('rediscluster/comanda-redis') ? ['comanda-redis-leader-0'] : []),
])
const kinds = new Set([
  'pods',
  'nodes',
  'jobs',
  'hpa',
  'cluster',
  'httproute',
  'podmonitor',
  'rollouts',
  'analysisruns',
])
const targets = new Set([...read('Makefile').matchAll(/^([a-z-]+):/gm)].map(([, target]) => target))

const allowed: [RegExp, (match: RegExpExecArray) => boolean][] = [
  [/^make ([a-z-]+)$/, ([, target]) => targets.has(target)],
  [/^helm (history|rollback) comanda --namespace comanda( --wait)?$/, () => true],
  [
    /^kubectl(?: --namespace (?:comanda|monitoring))? get (\w+)(?: (comanda[\w-]*)| --all-namespaces| --output wide| --selector cnpg\.io\/cluster=comanda-db)*$/,
    ([, kind = '', name]) => kinds.has(kind) && (name === undefined || made.has(`${kind}/${name}`)),
  ],
  [/^kubectl(?: --namespace comanda)? top (?:pods|nodes)( --all-namespaces)?$/, () => true],
  [/^kubectl --namespace comanda describe pods$/, () => true],
  [
    /^kubectl --namespace comanda (?:logs|rollout (?:restart|status)) ((?:deployment|job)\/[\w-]+)(?: --since=\d+[mh]| --previous| --timeout=10s)?$/,
    ([, object = '']) => made.has(object),
  ],
  [/^kubectl --namespace comanda logs ([\w-]+-\d+) --since=10m$/, ([, pod = '']) => pods.has(pod)],
  [
    /^kubectl --namespace comanda exec (?:--stdin --tty )?([\w-]+) -- (?:psql comanda|redis-cli (?:cluster nodes|info memory|--bigkeys))$/,
    ([, pod = '']) => pods.has(pod),
  ],
]

/** Whether what a command names is there. */
function isKnown(command: string): boolean {
  return allowed.some(([pattern, holds]) => {
    const match = pattern.exec(command)
    return match !== null && holds(match)
  })
}

t.test('every command of a runbook is one that works here or in a cluster, on what is there', async (t) => {
  let count = 0
  for (const { name, text } of runbooks)
    for (const command of blocks(text, 'sh').flatMap((block) => block.trim().split('\n'))) {
      count += 1
      t.ok(isKnown(command), `${name}: ${command}`)
    }
  t.ok(count > 40, 'there was something to check')
  for (const wrong of [
    'make nothing',
    'kubectl --namespace comanda logs deployment/comanda-order --since=10m',
    'kubectl --namespace comanda get podz',
    'kubectl --namespace comanda exec comanda-db-one -- psql comanda',
    'helm rollback comando --namespace comanda --wait',
  ])
    t.notOk(isKnown(wrong), wrong)
})

t.test('every statement of a runbook is one that Postgres takes, over our tables', async (t) => {
  const clone = await cloneTestDatabase()
  const database = openPlainDatabase(clone.url, 'runbooks')
  t.teardown(async () => {
    await database.close()
    await clone.drop()
  })
  const explain = (statement: string) => sql.raw(`explain ${statement}`).execute(database.primary)
  const statements = runbooks.flatMap(({ name, text }) =>
    blocks(text, 'sql').map((statement) => ({ name, statement })),
  )
  t.ok(statements.length >= 8, 'there was something to check')
  for (const { name, statement } of statements) await t.resolves(explain(statement), `${name}: ${statement}`)
  await t.rejects(explain('select nothing from event_positions'), 'what is not there is refused')
})
