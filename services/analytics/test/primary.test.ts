import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { asService, cloneTestDatabase } from '@comanda/local-stack/testing'
import t from 'tap'
import { startTestApp } from './app.ts'
import { day, openBusyKitchen } from './busy-day.ts'
import { paths, reportPaths } from './operations.ts'

const clone = await cloneTestDatabase()
const primary = new URL(clone.url)
let sent = ''

/** Passes on what the service sends to the primary, and keeps it. */
const recorder = createServer((client) => {
  const server = connect(Number(primary.port), primary.hostname)
  client.on('data', (bytes) => (sent += bytes.toString('latin1')))
  client.pipe(server).pipe(client)
  for (const socket of [client, server])
    socket.on('error', () => {
      client.destroy()
      server.destroy()
    })
})
await once(recorder.listen(0, '127.0.0.1'), 'listening')
t.teardown(() => recorder.close())

const recorded = new URL(asService(clone.url, 'analytics'))
recorded.host = `127.0.0.1:${(recorder.address() as AddressInfo).port}`
const { call, as, owner, rollUp, database } = await startTestApp(
  t,
  { DATABASE_URL: recorded.href, REDIS_PREFIX: `test-${randomUUID()}`, CACHE: 'on' },
  clone,
)
const { cafeteriaId } = await openBusyKitchen(owner)
await rollUp()
const headers = as({ userId: randomUUID(), role: 'admin' })

t.test('no question about the numbers of a cafeteria reaches the primary', async (t) => {
  for (const [operation, path] of Object.entries({
    ...paths(cafeteriaId),
    ...reportPaths(cafeteriaId),
  })) {
    const days = path.includes('from=') ? '' : `${path.includes('?') ? '&' : '?'}from=${day}&to=${day}`
    const url = `${path}${days}`
    t.equal((await call({ url, headers })).status, 200, operation)
  }
  await database.position()
  t.match(sent, /pg_is_in_recovery|pg_current_wal/, 'what the service asks the primary is seen')
  t.notMatch(sent, /rollup|customers|cafeterias|events/)
})
