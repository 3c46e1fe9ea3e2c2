import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { readSettings } from '#src/cli-settings.ts'
import { openDatabase } from './open-database.ts'

const url = 'postgres://localhost/comanda'

t.test('the settings are what the environment says, with defaults', async (t) => {
  t.match(readSettings({ DATABASE_URL: url }), { url, password: 'comanda-demo', orders: 0 })
  t.match(readSettings({ DATABASE_URL: url, ORDERS: '', DEMO_PASSWORD: '' }), {
    password: 'comanda-demo',
    orders: 0,
  })
  t.match(readSettings({ DATABASE_URL: url, ORDERS: '250', DEMO_PASSWORD: 'otra-clave' }), {
    password: 'otra-clave',
    orders: 250,
  })
})

t.test('a setting that makes no sense is refused with a sentence', async (t) => {
  t.throws(() => readSettings({}), { message: /DATABASE_URL is missing/ })
  for (const ORDERS of ['abc', '-1', '1.5', '1e3', '10000001', ' 5']) {
    t.throws(() => readSettings({ DATABASE_URL: url, ORDERS }), { message: `not "${ORDERS}"` }, ORDERS)
  }
  t.throws(() => readSettings({ DATABASE_URL: url, ORDERS: '10', NODE_ENV: 'production' }), {
    message: /refused when NODE_ENV/,
  })
  t.throws(() => readSettings({ DATABASE_URL: url, DEMO_PASSWORD: 'short' }), { message: /at least 8/ })
})

t.test('the command says what it did', async (t) => {
  const { url } = await openDatabase(t)
  const seed = (env: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [`${import.meta.dirname}/../src/cli.ts`], {
      env: { DATABASE_URL: url, ...env },
    })

  const { stdout } = await seed({ ORDERS: '40' })
  t.match(stdout, /seeded 3 cafeterias/)
  t.match(stdout, /customer@comanda\.test/)
  t.match(stdout, /added 40 orders/)
  t.match((await seed({ ORDERS: '40' })).stdout, /the campus is there.*nothing added/s)
  t.match((await seed({ NODE_ENV: 'production' })).stdout, /no demo accounts/)
  await t.rejects(seed({ ORDERS: 'many' }), { code: 1, stderr: /ORDERS is how many/ })
})
