import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { claimPort } from '../system/ports.ts'
import { endProcess, isOurProcess, logTail, readPid, spawnDetached } from '../system/processes.ts'

/** One of the six servers of the cluster. */
export interface RedisNode {
  name: string
  port: number
  /** The cluster bus: where nodes talk with each other. */
  busPort: number
  directory: string
  logFile: string
}

const mark = (node: RedisNode) => ({ directory: node.directory, program: '-server' })
const pidFile = (node: RedisNode) => join(node.directory, 'redis.pid')

/** Whether the node's process lives, whether or not it answers. */
export function isNodeRunning(node: RedisNode): boolean {
  return isOurProcess(readPid(pidFile(node)), mark(node))
}

/** Starts the node, or does nothing when it runs already. Resolves when it answers, healthy cluster or not. */
export async function startNode(binary: string, node: RedisNode): Promise<void> {
  if (!isNodeRunning(node)) {
    const remedy = 'stop it, or choose others with REDIS_PORT=7200.'
    const claim = { remedy, mark: mark(node) }
    await claimPort({ port: node.port, purpose: `Redis (${node.name})`, ...claim })
    await claimPort({ port: node.busPort, purpose: `the cluster bus of Redis (${node.name})`, ...claim })
    await mkdir(dirname(node.logFile), { recursive: true })
    spawnDetached({
      command: binary,
      args: nodeArguments(node),
      directory: node.directory,
      logFile: node.logFile,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    })
  }
  await waitUntilAnswering(node)
}

/** Redis keeps nothing on disk here but its view of the cluster: all it holds can be rebuilt. */
function nodeArguments(node: RedisNode): string[] {
  return Object.entries({
    port: node.port,
    bind: '127.0.0.1',
    dir: node.directory,
    pidfile: pidFile(node),
    save: '',
    appendonly: 'no',
    'cluster-enabled': 'yes',
    'cluster-config-file': 'nodes.conf',
    'cluster-port': node.busPort,
    'cluster-node-timeout': 2000,
    'cluster-replica-validity-factor': 0,
    'repl-diskless-sync-delay': 0,
  }).flatMap(([name, value]) => [`--${name}`, String(value)])
}

async function waitUntilAnswering(node: RedisNode): Promise<void> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      await asRedis(node, (redis) => redis.ping())
      return
    } catch (cause) {
      if (Date.now() > deadline) {
        throw new Error(
          `${node.name} does not answer. The end of ${node.logFile}:\n${logTail(node.logFile)}`,
          { cause },
        )
      }
      await sleep(50)
    }
  }
}

/** Ends the node and waits until it is gone, at most 5 s before it is killed. Returns false when it did not run. */
export function stopNode(node: RedisNode, signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean> {
  return endProcess(readPid(pidFile(node)), mark(node), signal, 5_000)
}

/** Runs the work on one connection to this node alone, which is closed afterwards. */
export async function asRedis<T>(node: RedisNode, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    host: '127.0.0.1',
    port: node.port,
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  // The rejected command says the same; without a listener the event is printed.
  redis.on('error', () => {})
  try {
    await redis.connect()
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}
