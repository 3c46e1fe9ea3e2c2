import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { t, test } from 'tap'
import { isRunning } from '#src/postgres/server.ts'
import { startFailoverStack } from '#src/testing.ts'
import { query } from './query.ts'

const stack = await startFailoverStack()
const { postgres, redis } = stack
t.teardown(() => stack.stop())

/** Inserts numbers over four connections until the server goes away. Resolves with those that were acknowledged. */
async function insertUntilLost(url: string): Promise<number[]> {
  const acknowledged: number[] = []
  async function insert(first: number): Promise<void> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    await client.connect()
    try {
      for (let number = first; ; number += 4) {
        await client.query('insert into numbers values ($1)', [number])
        acknowledged.push(number)
      }
    } catch {
      await client.end().catch(() => {})
    }
  }
  await Promise.all([1, 2, 3, 4].map(insert))
  return acknowledged
}

const numbersOn = async (url: string) =>
  new Set((await query(url, 'select number from numbers')).map(({ number }) => number))

test('twice in a row, nothing that was acknowledged is lost with the primary', async (t) => {
  await query(stack.primaryUrl, 'create table numbers (number int)')
  for (const round of [1, 2]) {
    await query(stack.primaryUrl, 'delete from numbers')
    const inserting = insertUntilLost(stack.primaryUrl)
    await sleep(500)
    const killed = await stack.killPrimary()
    const acknowledged = await inserting
    t.notOk(isRunning(killed))
    const startedAt = Date.now()
    const promoted = await stack.promoteMostAdvanced()
    t.comment(`round ${round}: ${acknowledged.length} commits; promoted in ${Date.now() - startedAt} ms`)
    t.equal(postgres.primary, promoted)
    t.not(promoted, killed)
    const kept = await numbersOn(stack.primaryUrl)
    t.ok(acknowledged.length > 0 && acknowledged.every((number) => kept.has(number)))
    await query(stack.primaryUrl, 'insert into numbers values (0)')
    for (const standby of postgres.standbys.filter(isRunning)) await postgres.waitForReplay(standby)
    await postgres.rejoin(killed)
  }
})

test('an old primary that comes back unfenced acknowledges nothing', async (t) => {
  const killed = await stack.killPrimary()
  await stack.promoteMostAdvanced()
  await postgres.startServer(killed)
  const client = new pg.Client({ connectionString: stack.url.replace(/@.*\//, `@127.0.0.1:${killed.port}/`) })
  client.on('error', () => {})
  await client.connect()
  let acknowledged = false
  const insert = client.query('insert into numbers values (-1)').then(
    () => {
      acknowledged = true
    },
    () => {},
  )
  await sleep(1000)
  await postgres.stopServer(killed, 'kill')
  await insert
  t.notOk(acknowledged)
  await client.end().catch(() => {})
})

test('the Redis master of a key is killed, and another one serves it soon after', async (t) => {
  const owner = await redis.masterOf('some key')
  t.equal(await stack.killRedisMaster('some key'), owner)
  await redis.waitUntilServing()
  const heir = await redis.masterOf('some key')
  t.not(heir, owner)
  t.ok((await redis.masters()).includes(heir))
  await redis.startNode(owner)
  await redis.waitUntilHealthy()
  t.not(await stack.killRedisMaster(), undefined)
})
