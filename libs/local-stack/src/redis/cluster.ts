import { setTimeout as sleep } from 'node:timers/promises'
import { type Say, step } from '../progress.ts'
import { asRedis, isNodeRunning, type RedisNode, startNode, stopNode } from './node.ts'
import { isTopologyWhole, slotCount, writeTopology } from './topology.ts'

/** Six servers, three of them masters, and the faults that tests put them through. */
export interface RedisCluster {
  readonly nodes: readonly RedisNode[]
  /** `host:port,…` of all nodes, as REDIS_NODES wants it. */
  readonly addresses: string
  /** Starts what does not run; resolves when the whole cluster is healthy. */
  start(): Promise<void>
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  stopNode(node: RedisNode, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  startNode(node: RedisNode): Promise<void>
  /** The nodes that report to be masters now; a stopped node is none. */
  masters(): Promise<RedisNode[]>
  /** The node that serves the key now, as any running node reports. @throws Error when no node runs, or none serves it */
  masterOf(key: string): Promise<RedisNode>
  /** Resolves when all slots are served and every running node agrees. */
  waitUntilServing(deadlineMs?: number): Promise<void>
  /** Resolves when, besides, every master has a replica again. */
  waitUntilHealthy(deadlineMs?: number): Promise<void>
}

interface NodeView {
  master: boolean
  serving: boolean
  knownNodes: number
  replicas: number
}

export interface RedisClusterOptions {
  nodes: readonly RedisNode[]
  /** Finds redis-server; called when the first node is started. */
  binary: () => Promise<string>
  say: Say
}

/** Makes a cluster of nodes that may run already: the first half are masters, the others their replicas. */
export function createRedisCluster({ nodes, binary, say }: RedisClusterOptions): RedisCluster {
  const cluster: RedisCluster = {
    nodes,
    addresses: nodes.map((node) => `127.0.0.1:${node.port}`).join(','),

    async start() {
      const ports = `${nodes[0]?.port} to ${nodes.at(-1)?.port}`
      if (!(await isTopologyWhole(nodes))) await remake()
      await step(say, `Redis Cluster on ports ${ports}`, async () => {
        await startAll()
        if (await becomes(healthy, 10_000)) return
        say('Redis Cluster did not heal and is made anew')
        await remake()
        await startAll()
        await cluster.waitUntilHealthy()
      })
    },

    async stop(signal = 'SIGTERM') {
      await Promise.all(nodes.map((node) => stopNode(node, signal)))
    },

    async stopNode(node, signal = 'SIGTERM') {
      await stopNode(node, signal)
    },

    startNode: async (node) => startNode(await binary(), node),

    async masters() {
      const views = await Promise.all(nodes.map(view))
      return nodes.filter((_, index) => views[index]?.master)
    },

    async masterOf(key) {
      const witness = nodes.find(isNodeRunning)
      if (witness === undefined) throw new Error('no Redis node runs')
      const port = await asRedis(witness, async (redis) => {
        const slot = Number(await redis.call('CLUSTER', 'KEYSLOT', key))
        const ranges = (await redis.call('CLUSTER', 'SLOTS')) as [number, number, [string, number]][]
        return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2][1]
      })
      const master = nodes.find((node) => node.port === port)
      if (master === undefined) throw new Error(`no Redis node serves ${key}`)
      return master
    },

    async waitUntilServing(deadlineMs = 20_000) {
      if (!(await becomes(serving, deadlineMs))) throw new Error('The Redis Cluster does not serve all slots')
    },

    async waitUntilHealthy(deadlineMs = 20_000) {
      if (!(await becomes(healthy, deadlineMs))) throw new Error('The Redis Cluster does not become healthy')
    },
  }

  async function startAll(): Promise<void> {
    const program = await binary()
    await Promise.all(nodes.map((node) => startNode(program, node)))
  }

  async function remake(): Promise<void> {
    await cluster.stop('SIGKILL')
    await writeTopology(nodes)
  }

  async function becomes(
    condition: (views: (NodeView | null)[]) => boolean,
    deadlineMs: number,
  ): Promise<boolean> {
    const deadline = Date.now() + deadlineMs
    while (!condition(await Promise.all(nodes.map(view)))) {
      if (Date.now() > deadline) return false
      await sleep(100)
    }
    return true
  }

  // A killed master is believed alive for a while: three running ones are the proof that it was replaced.
  const serving = (views: (NodeView | null)[]) => {
    const running = views.filter((seen) => seen !== null)
    return (
      running.filter((seen) => seen.master).length === nodes.length / 2 &&
      running.every((seen) => seen.serving)
    )
  }

  const healthy = (views: (NodeView | null)[]) => {
    const masters = views.filter((seen) => seen?.master)
    return (
      views.every((seen) => seen?.serving && seen.knownNodes === nodes.length) &&
      masters.length === nodes.length / 2 &&
      masters.every((seen) => (seen?.replicas ?? 0) > 0)
    )
  }

  return cluster
}

/** What the node reports about the cluster; null when it does not run or answer. */
async function view(node: RedisNode): Promise<NodeView | null> {
  if (!isNodeRunning(node)) return null
  try {
    return await asRedis(node, async (redis) => {
      const info = fields(String(await redis.call('CLUSTER', 'INFO')))
      const replication = fields(String(await redis.call('INFO', 'replication')))
      return {
        master: replication.role === 'master',
        serving: info.cluster_state === 'ok' && Number(info.cluster_slots_ok) === slotCount,
        knownNodes: Number(info.cluster_known_nodes),
        replicas: onlineReplicas(replication),
      }
    })
  } catch {
    return null
  }
}

const onlineReplicas = (replication: Record<string, string>) =>
  Object.entries(replication).filter(
    ([name, value]) => /^slave\d+$/.test(name) && value.includes('state=online'),
  ).length

function fields(text: string): Record<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}
