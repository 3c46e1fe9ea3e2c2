import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { type Database, openPlainDatabase } from '../libs/database/src/index.ts'
import { cloneTestDatabase, startServiceUnderTest, testRedisNodes } from '../libs/local-stack/src/testing.ts'
import { seedCampus } from '../libs/seed/src/index.ts'
import { installPythonGenerator } from '../scripts/clients/python-generator.ts'

const root = join(import.meta.dirname, '..')
const openapi = 'services/orders/openapi.json'
// 146 when this was written. A class per operation and error made it 1,217.
const mostModels = 200

const document = await readFile(join(root, 'docs/clients.md'), 'utf8')
/** The first block in a language, of a section named after a language. */
function block(heading: string, language: string): string {
  const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(section)?.[1] ?? ''
}

const python = await installPythonGenerator()
// What the commands and programs of the document find where they run.
const directory = await mkdtemp(join(tmpdir(), 'comanda-clients-'))
t.teardown(() => rm(directory, { recursive: true }))
await mkdir(join(directory, dirname(openapi)), { recursive: true })
await cp(join(root, openapi), join(directory, openapi))
await mkdir(join(directory, 'node_modules/@comanda'), { recursive: true })
await symlink(join(root, 'libs/client'), join(directory, 'node_modules/@comanda/client'))
await writeFile(join(directory, 'place-order.ts'), block('TypeScript', 'ts'))
await writeFile(join(directory, 'place_order.py'), block('Python', 'python'))

/** The orders service over a seeded campus. */
async function startOrders(): Promise<{ url: string; database: Database }> {
  const clone = await cloneTestDatabase()
  const database = openPlainDatabase(clone.url, 'clients')
  await seedCampus(database.primary, { demoAccounts: true, password: 'comanda-demo' })
  const service = await startServiceUnderTest(join(root, 'services/orders/src/server.ts'), {
    DATABASE_URL: clone.url,
    DATABASE_POOL_MIN: '0',
    DATABASE_POOL_MAX: '5',
    REDIS_NODES: testRedisNodes(),
    // The Redis Cluster is shared by all tests, and so are its counters.
    RATE_LIMITS: 'off',
  })
  t.teardown(async () => {
    await service.stop('SIGTERM')
    await database.close()
    await clone.drop()
  })
  return { url: service.url, database }
}

async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: directory, env: { ...python, ...env }, timeout: 90_000 }
  const outcome = promisify(execFile)(program, args, options)
  const { stdout, stderr } = await outcome.catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${program} stopped after:\n${error.stdout}\n${error.stderr}`, { cause: error })
  })
  return stderr + stdout
}

t.test('the Python client of docs/clients.md is generated and places an order', async (t) => {
  const { url, database } = await startOrders()
  const output = await run('bash', ['--norc', '-euo', 'pipefail', '-c', block('Python', 'sh')], {
    COMANDA_URL: url,
  })
  t.notMatch(output, /warning|error/i, 'the generator understands the whole document')
  const said = /^placed (\S+), (\d+) MXN\nlisted (\S+)\nrefused 409 price_changed, \2 instead of 1$/m.exec(
    output,
  )
  const [, placed, total, listed] = said ?? []
  t.ok(placed, output)
  t.equal(listed, placed)
  const orders = await database.primary
    .selectFrom('orders')
    .select(['id', 'status', 'paymentMethod', 'totalCents'])
    .execute()
  t.same(
    orders,
    [{ id: placed, status: 'placed', paymentMethod: 'wallet', totalCents: Number(total) }],
    'one order, though it was sent twice',
  )
  const served = await fetch(`${url}/docs/json`)
  t.same(
    await served.json(),
    JSON.parse(await readFile(join(root, openapi), 'utf8')),
    'the service has it too',
  )
})

t.test('the program in TypeScript places an order', async (t) => {
  const { url, database } = await startOrders()
  const output = await run(process.execPath, ['place-order.ts'], { COMANDA_URL: url })
  const said = /^placed (\S+), (\d+) MXN\nrefused 409 price_changed, \2 instead of 1$/m.exec(output)
  t.ok(said, output)
  const orders = await database.primary.selectFrom('orders').select('id').execute()
  t.same(orders, [{ id: said?.[1] }])
})

t.test('the Python client compiles, has few models, and a type for the main request', async (t) => {
  const client = join(directory, 'comanda_orders')
  await run('python3', ['-m', 'compileall', '-q', '-f', client])
  const models = await readdir(join(client, 'models'))
  const modules = models.filter((file) => file.endsWith('.py') && file !== '__init__.py')
  t.ok(modules.length < mostModels, `${modules.length} models`)
  const placing = await readFile(join(client, 'api/orders/place_order.py'), 'utf8')
  const bodies = new Set([...placing.matchAll(/^ +body: (.+),$/gm)].map(([, type]) => type))
  t.same([...bodies], ['NewOrder'], 'POST /v1/orders takes a NewOrder')
})

t.test('the document names the version of the generator that is tested', async (t) => {
  const pinned = (text: string) => /openapi-python-client==([\d.]+\d)/.exec(text)?.[1]
  const requirements = await readFile(join(root, 'scripts/clients/requirements.txt'), 'utf8')
  t.ok(pinned(document))
  t.equal(pinned(document), pinned(requirements))
})
