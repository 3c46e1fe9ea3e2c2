import { openPlainDatabase } from '@comanda/database'
import { demoAccounts } from './campus/demo-accounts.ts'
import { seedCampus } from './campus.ts'
import { readSettings } from './cli-settings.ts'
import { seedHistory } from './history.ts'

try {
  const { url, environment, password, orders } = readSettings(process.env)
  const database = openPlainDatabase(url, 'comanda-seed', {
    max: 2,
    connectMilliseconds: 10_000,
    statementMilliseconds: 600_000,
    log: console,
  })
  try {
    const production = environment === 'production'
    const { cafeterias } = await seedCampus(database.primary, {
      demoAccounts: !production,
      password,
      environment,
    })
    console.log(
      cafeterias > 0
        ? `seeded ${cafeterias} cafeterias with menus and slots`
        : 'the campus is there; its slots are up to date',
    )
    console.log(
      production
        ? 'no demo accounts, because NODE_ENV is production'
        : `demo accounts, password ${password}: ${demoAccounts.map(({ email }) => email).join(', ')}`,
    )
    if (orders > 0) {
      const started = performance.now()
      console.log(`making a history of ${orders} orders over the past year`)
      const { orders: added } = await seedHistory(database.primary, {
        orders,
        environment,
        onProgress: (done) => console.log(`  ${done} of ${orders}`),
      })
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(
        added > 0
          ? `added ${added} orders in ${seconds} s`
          : `there are ${orders} or more already; nothing added`,
      )
    }
  } finally {
    await database.close()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
