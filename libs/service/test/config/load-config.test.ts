import { randomBytes } from 'node:crypto'
import t from 'tap'
import { Type } from 'typebox'
import { baseConfig, describeConfig, loadConfig, port, secret } from '#src/index.ts'

const schema = Type.Object({
  ...baseConfig,
  PORT: port(3001, 'Port of the API'),
  DATABASE_URL: Type.String({ description: 'The database' }),
  WEBHOOK_SECRET: secret('development-webhook-secret', 'Key of the webhooks'),
})
const enough = { DATABASE_URL: 'postgres://comanda@db.example/comanda?sslmode=verify-full' }
const production = {
  ...enough,
  NODE_ENV: 'production',
  ACCESS_TOKEN_SECRET: randomBytes(24).toString('base64'),
  WEBHOOK_SECRET: randomBytes(16).toString('hex'),
  REDIS_NODES: 'redis.example:6379',
  REDIS_PASSWORD: 'of Redis',
}

t.test('a configuration is typed, has defaults, and cannot be changed', async (t) => {
  const config = loadConfig(schema, {
    ...enough,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DEADLINE_SECONDS: '22.5',
    UNKNOWN: 'x',
  })
  t.match(config, {
    PORT: 3001,
    METRICS_PORT: 3101,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DEADLINE_SECONDS: 22.5,
    NODE_ENV: 'development',
  })
  t.notOk('UNKNOWN' in config)
  t.throws(() => Object.assign(config, { PORT: 1 }))
})

t.test('the metrics port follows the port unless it is given', async (t) => {
  t.equal(loadConfig(schema, { ...enough, PORT: '4000' }).METRICS_PORT, 4100)
  t.equal(loadConfig(schema, { ...enough, PORT: '4000', METRICS_PORT: '9000' }).METRICS_PORT, 9000)
  t.equal(loadConfig(schema, { ...enough, PORT: '0' }).METRICS_PORT, 0)
})

t.test('an empty variable counts as not set', async (t) => {
  t.equal(loadConfig(schema, { ...enough, PORT: '', LOG_DIRECTORY: '' }).PORT, 3001)
  t.throws(() => loadConfig(schema, { DATABASE_URL: '' }), {
    message: 'bad configuration: DATABASE_URL is missing',
  })
})

t.test('one message names every bad variable and repeats no value', async (t) => {
  const bad = { PORT: 'eighty', NODE_ENV: 'staging', REDIS_NODES: 'nowhere', ACCESS_TOKEN_SECRET: 'hunter2' }
  t.throws(() => loadConfig(schema, bad), {
    message:
      /^bad configuration: DATABASE_URL is missing; NODE_ENV must be development or test or production; PORT must be integer; REDIS_NODES .*; ACCESS_TOKEN_SECRET must NOT have fewer than 8 characters$/,
  })
  try {
    loadConfig(schema, bad)
  } catch (error) {
    t.notMatch((error as Error).message, /eighty|staging|nowhere|hunter2/)
  }
})

t.test('production refuses development defaults, short secrets, and limits switched off', async (t) => {
  t.match(loadConfig(schema, production), { NODE_ENV: 'production' })
  t.throws(
    () =>
      loadConfig(schema, {
        ...production,
        RATE_LIMITS: 'off',
        ACCESS_TOKEN_SECRET: undefined,
        WEBHOOK_SECRET: 'too-short',
      }),
    {
      message:
        'bad configuration: RATE_LIMITS must be on in production; ACCESS_TOKEN_SECRET must not be the development default in production; WEBHOOK_SECRET must have at least 32 characters in production',
    },
  )
})

const here = {
  DATABASE_URL: 'postgres://comanda@127.0.0.1:5440,[::1]:5441/comanda',
  REDIS_NODES: '127.0.0.1:7000',
}
const refused: Record<string, Record<string, string | undefined>> = {
  ACCESS_TOKEN_SECRET: { ACCESS_TOKEN_SECRET: ' '.repeat(40) },
  'ACCESS_TOKEN_SECRET ': { ACCESS_TOKEN_SECRET: 'a'.repeat(64) },
  'ACCESS_TOKEN_SECRET must be random': { ACCESS_TOKEN_SECRET: '0123456789'.repeat(5) },
  REDIS_PASSWORD: { REDIS_PASSWORD: undefined },
  'REDIS_PASSWORD ': { REDIS_PASSWORD: '   ' },
  DATABASE_URL: { DATABASE_URL: 'postgres://db.example/comanda?sslmode=disable' },
  'DATABASE_URL ': { DATABASE_URL: 'postgres://u:p@db.example:5432/comanda' },
  'DATABASE_URL must': { DATABASE_URL: 'postgres://127.0.0.1,db.example/comanda' },
  REQUEST_TIMEOUT_SECONDS: { REQUEST_TIMEOUT_SECONDS: '0' },
  CONNECTION_TIMEOUT_SECONDS: { CONNECTION_TIMEOUT_SECONDS: '0' },
  HANDLER_TIMEOUT_SECONDS: { HANDLER_TIMEOUT_SECONDS: '0' },
  TRUST_PROXY: { TRUST_PROXY: 'true' },
  'TRUST_PROXY ': { TRUST_PROXY: '10.0.0.1, uniquelocal' },
}

t.test('production refuses what would leave a door open, and names the variable', async (t) => {
  for (const [name, env] of Object.entries(refused)) {
    const message = new RegExp(`^bad configuration: ${name.trim()}`)
    t.throws(() => loadConfig(schema, { ...production, ...env }), { message }, JSON.stringify(env))
    t.ok(loadConfig(schema, { ...enough, ...env, ACCESS_TOKEN_SECRET: undefined }), 'development does not')
  }
  const replicas = Type.Object({ ...schema.properties, DATABASE_REPLICA_URLS: Type.String({ default: '' }) })
  const urls = (mode: string) => `catalogue=postgres://one/x?sslmode=require,reports=postgres://two/x${mode}`
  t.throws(() => loadConfig(replicas, { ...production, DATABASE_REPLICA_URLS: urls('') }), {
    message: /DATABASE_REPLICA_URLS must have sslmode/,
  })
  t.ok(loadConfig(replicas, { ...production, DATABASE_REPLICA_URLS: urls('?sslmode=verify-full') }))
})

t.test('production takes servers of its own machine without encryption and password', async (t) => {
  t.ok(loadConfig(schema, { ...production, ...here, REDIS_PASSWORD: undefined }))
})

t.test('every variable is described, with its default as one would write it', async (t) => {
  const described = Object.fromEntries(describeConfig(schema).map((variable) => [variable.name, variable]))
  t.same(described.PORT, {
    name: 'PORT',
    description: 'Port of the API',
    default: '3001',
    required: false,
    secret: false,
  })
  t.match(described.DATABASE_URL, { default: null, required: true })
  t.match(described.METRICS_PORT, { default: null, required: false })
  t.match(described.WEBHOOK_SECRET, { default: 'development-webhook-secret', secret: true })
  t.match(described.RATE_LIMIT_VERY_EXPENSIVE, { default: '10/1m' })
  t.throws(() => describeConfig(Type.Object({ X: Type.String() })), { message: /X has no description/ })
})
