import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cluster } from 'ioredis'
import { test } from 'tap'
import { isNodeRunning } from '#src/redis/node.ts'
import { startTemporaryStack } from '#src/testing.ts'

const stack = await startTemporaryStack({ redis: true })
const { redis } = stack

function connect(): Cluster {
  const [host, port] = (stack.redisNodes.split(',')[0] ?? '').split(':')
  return new Cluster([{ host: host ?? '', port: Number(port) }])
}

test('a start from nothing gives three masters, each with a replica, that share all keys', async (t) => {
  t.equal((await redis.masters()).length, 3)
  const client = connect()
  for (const key of ['a', 'b', 'c', 'd']) await client.set(key, key)
  t.same(await Promise.all(['a', 'b', 'c', 'd'].map((key) => client.get(key))), ['a', 'b', 'c', 'd'])
  client.disconnect()
})

test('a killed master is replaced by its replica, and comes back as a replica', async (t) => {
  const [victim] = await redis.masters()
  if (victim === undefined) throw new Error('the cluster has no master')
  await redis.stopNode(victim, 'SIGKILL')
  await redis.waitUntilServing()
  t.notOk((await redis.masters()).includes(victim))
  await redis.startNode(victim)
  await redis.waitUntilHealthy()
  t.notOk((await redis.masters()).includes(victim), 'its successor stays')
})

test('a pid file with the number of a stranger is not believed, and the stranger left alone', async (t) => {
  const [node] = redis.nodes
  if (node === undefined) throw new Error('the cluster has no node')
  await redis.stop()
  writeFileSync(join(node.directory, 'redis.pid'), `${process.pid}\n`)
  t.notOk(isNodeRunning(node))
  await redis.stopNode(node, 'SIGKILL')
  t.pass('this process, whose number it was, still runs')
})

test('a node whose files are gone does not keep the cluster from starting', async (t) => {
  const [node] = redis.nodes
  if (node === undefined) throw new Error('the cluster has no node')
  rmSync(node.directory, { recursive: true })
  await redis.start()
  t.ok(redis.nodes.every(isNodeRunning))
  t.equal((await redis.masters()).length, 3)
})

test('the stack removes itself', async (t) => {
  await stack.stop()
  t.notOk(redis.nodes.some(isNodeRunning))
})
