import t from 'tap'
import { Type } from 'typebox'
import { baseConfig, describeConfig, loadConfig, port, secret } from '#src/index.ts'

const schema = Type.Object({
  ...baseConfig,
  PORT: port(3001, 'Port of the API'),
  DATABASE_URL: Type.String({ description: 'The database' }),
  WEBHOOK_SECRET: secret('development-webhook-secret', 'Key of the webhooks'),
})
const enough = { DATABASE_URL: 'postgres://x' }
const production = {
  ...enough,
  NODE_ENV: 'production',
  ACCESS_TOKEN_SECRET: 'a'.repeat(32),
  WEBHOOK_SECRET: 'b'.repeat(32),
}

t.test('a configuration is typed, has defaults, and cannot be changed', async (t) => {
  const config = loadConfig(schema, {
    ...enough,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DEADLINE_SECONDS: '2.5',
    UNKNOWN: 'x',
  })
  t.match(config, {
    PORT: 3001,
    METRICS_PORT: 3101,
    LOG_LEVEL: 'warn',
    SHUTDOWN_DEADLINE_SECONDS: 2.5,
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
        ...enough,
        NODE_ENV: 'production',
        RATE_LIMITS: 'off',
        WEBHOOK_SECRET: 'too-short',
      }),
    {
      message:
        'bad configuration: RATE_LIMITS must be on in production; ACCESS_TOKEN_SECRET must not be the development default in production; WEBHOOK_SECRET must have at least 32 characters in production',
    },
  )
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
