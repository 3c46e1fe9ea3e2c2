import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { asService, startTemporaryStack } from '../../libs/local-stack/src/testing.ts'
import { imageName } from '../../scripts/images/build.ts'
import { root } from '../../scripts/images/buildah.ts'
import {
  type MountedImage,
  mountImage,
  runImage,
  type StartedImage,
  type StartOptions,
  startImage,
} from '../../scripts/images/run-image.ts'

// Other than those of `make up`, which may run beside.
const ports = { orders: 3301, realtime: 3302, analytics: 3303, worker: 3304, payments: 3309 }
type Name = keyof typeof ports

const stack = await startTemporaryStack({ postgres: { standbys: 1 }, redis: true })
t.teardown(() => stack.stop())
const images: Record<string, MountedImage> = {}
for (const target of ['analytics', 'orders', 'realtime', 'worker', 'tools', 'development'])
  images[target] = await mountImage(imageName(target))
t.teardown(async () => {
  for (const image of Object.values(images)) await image.release()
})
const tools = images['tools'] as MountedImage

const database = { DATABASE_URL: stack.primaryUrl }
const fleet = {
  ...database,
  DATABASE_REPLICA_URLS: `catalogue=${stack.replicaUrls[0]}`,
  DATABASE_POOL_MIN: '1',
  DATABASE_POOL_MAX: '5',
  REDIS_NODES: stack.redisNodes,
  ACCESS_TOKEN_SECRET: randomBytes(32).toString('hex'),
  PAYMENT_PROVIDER: 'none',
  HOST: '127.0.0.1',
}

t.test('the tools migrate, again without a change, and seed', async (t) => {
  t.match(await runImage(tools, { env: database }), /applied 0001_people/)
  t.match(await runImage(tools, { env: database }), /the schema is up to date/)
  const seeded = await runImage(tools, {
    args: ['libs/seed/src/cli.ts'],
    env: { ...database, NODE_ENV: 'development' },
  })
  t.match(seeded, /seeded \d+ cafeterias/)
  await t.rejects(runImage(tools, { env: { DATABASE_URL: 'postgres://127.0.0.1:1/x' } }), /ended with 1/)
})

const started = new Map<Name, StartedImage>()

async function start(name: Name, image: string, options: StartOptions = {}): Promise<number> {
  const at = performance.now()
  const process = startImage(images[image] as MountedImage, {
    ...options,
    env: { ...options.env, PORT: String(ports[name]) },
  })
  started.set(name, process)
  t.teardown(() => process.end('SIGKILL'))
  for (;;) {
    if (process.child.exitCode !== null) throw new Error(`${name} ended: ${process.output()}`)
    const ready = await fetch(`http://127.0.0.1:${ports[name]}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return Math.round(performance.now() - at)
    await wait(20)
  }
}

for (const name of ['analytics', 'orders', 'realtime', 'worker'] as const) {
  t.test(`${name} gets ready from a root that is read-only, as a user that is not root`, async (t) => {
    // Production takes no service that logs in as the owner.
    const login = Object.fromEntries(
      Object.entries(fleet).map(([variable, value]) => [variable, asService(value, name)]),
    )
    const milliseconds = await start(name, name, { env: login })
    const status = readFileSync(`/proc/${started.get(name)?.child.pid}/status`, 'utf8')
    t.match(status, /^Uid:\t10001\t10001\t10001\t10001$/m)
    t.match(status, /^Groups:\s*$/m)
    t.match(status, /^CapEff:\t0+$/m)
    t.match(status, /^NoNewPrivs:\t1$/m)
    const { pid } = started.get(name)?.child ?? {}
    t.comment(
      `ready after ${milliseconds} ms, of which it worked ${workedMilliseconds(Number(pid))}; ${memoryIn(status)}`,
    )
  })
}

t.test('the image of orders has the payment sandbox, for development', async () => {
  const options = {
    args: ['libs/payments/dist/server.mjs'],
    env: { NODE_ENV: 'development', HOST: '127.0.0.1' },
  }
  const process = startImage(images['orders'] as MountedImage, {
    ...options,
    env: { ...options.env, PORT: String(ports.payments) },
  })
  started.set('payments', process)
  t.teardown(() => process.end('SIGKILL'))
  while (
    !(await fetch(`http://127.0.0.1:${ports.payments}/health/live`).then(
      () => true,
      () => false,
    ))
  ) {
    if (process.child.exitCode !== null) throw new Error(process.output())
    await wait(20)
  }
})

t.test('the smoke test of the chart takes place in the tools image, against the others', async (t) => {
  const said = await runImage(tools, {
    args: ['/smoke-test/main.mts'],
    mounts: { '/smoke-test': join(root, 'charts/comanda/files/smoke-test') },
    env: {
      SMOKE_EMAIL: 'customer@comanda.test',
      SMOKE_PASSWORD: 'comanda-demo',
      ANALYTICS_URL: `http://127.0.0.1:${ports.analytics}`,
      ORDERS_URL: `http://127.0.0.1:${ports.orders}`,
      REALTIME_URL: `http://127.0.0.1:${ports.realtime}`,
      WORKER_URL: `http://127.0.0.1:${ports.worker}`,
    },
  })
  t.match(said, /the fleet takes orders/)
})

t.test(
  'the image of compose.yaml has every service and tool, and source that its user may replace',
  async (t) => {
    const image = images['development'] as MountedImage
    const source = statSync(join(image.folder, 'comanda/services/orders/src/server.ts'))
    t.match(source, { uid: 10001, gid: 10001 })
    for (const service of ['analytics', 'orders', 'realtime', 'worker'])
      t.ok(existsSync(join(image.folder, `comanda/services/${service}/node_modules/fastify`)), service)
    t.match(
      await runImage(image, { args: ['libs/database/src/cli/migrate.ts'], env: database }),
      /up to date/,
    )
    t.match(await runImage(image, { args: ['libs/seed/src/cli.ts'], env: database }), /the campus is there/)
  },
)

t.test('the processes that are ended by SIGTERM stop in order', async (t) => {
  for (const [name, process] of started) {
    const status = readFileSync(`/proc/${process.child.pid}/status`, 'utf8')
    t.comment(`${name} before its end: ${memoryIn(status)}`)
    t.match(await process.end('SIGTERM'), { code: 0, signal: null }, name)
  }
})

const memoryIn = (status: string) => {
  const megabytes = (field: string) =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024)
  return `${megabytes('VmRSS')} MB resident, ${megabytes('VmHWM')} MB at most`
}

/** Its processor time so far: what a start takes on a machine that has nothing else to do. */
function workedMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  // In hundredths of a second, those of all threads together.
  return (Number(fields[11]) + Number(fields[12])) * 10
}
