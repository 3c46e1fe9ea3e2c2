import { readFileSync } from 'node:fs'
import { Cluster, type ClusterOptions } from 'ioredis'
import { gatherWrites } from './gather-writes.ts'

export type Redis = Cluster

const slotsRefreshMilliseconds = 5000

interface RedisConfig {
  REDIS_NODES: string
  REDIS_USERNAME?: string
  REDIS_PASSWORD?: string
  REDIS_TLS?: 'on' | 'off'
  REDIS_CA_FILE?: string
  REDIS_COMMAND_TIMEOUT_MS: number
}

interface Log {
  warn(facts: object, message: string): void
  info(facts: object, message: string): void
}

/**
 * A client of the Redis Cluster for request paths: commands time out, are retried once at most, and are refused at once
 * while the cluster is away, so that Redis can slow a request by no more than its time-out. It connects in the background
 * and reconnects for ever; a lost connection is logged, not thrown. Call `disconnect()` when done.
 */
export function createRedis(config: RedisConfig, log: Log): Redis {
  const redis = connect(config, log, { enableOfflineQueue: false })
  gatherWrites(redis)
  return redis
}

/**
 * A client that listens to sharded channels (SSUBSCRIBE) and does nothing else. It finds the node of each channel again
 * after a failover. A subscription waits for the connection. Call `disconnect()` when done.
 */
export function createRedisSubscriber(config: RedisConfig, log: Log): Redis {
  return connect(config, log, { enableOfflineQueue: true, shardedSubscribers: true })
}

function connect(config: RedisConfig, log: Log, options: ClusterOptions): Redis {
  const nodes = config.REDIS_NODES.split(',').map((node) => {
    const at = node.lastIndexOf(':')
    return { host: node.slice(0, at), port: Number(node.slice(at + 1)) }
  })
  const secured = config.REDIS_TLS === 'on'
  const redis = new Cluster(nodes, {
    ...options,
    // A certificate names a host, so hosts are not looked up before the connection is made.
    ...(secured ? { dnsLookup: (host, found) => found(null, host) } : {}),
    maxRedirections: 3,
    retryDelayOnFailover: 50,
    retryDelayOnClusterDown: 50,
    retryDelayOnTryAgain: 50,
    slotsRefreshTimeout: 1000,
    slotsRefreshInterval: 0,
    clusterRetryStrategy: (times) => Math.min(50 * times, 1000),
    clusterNodeRetryStrategy: (times) => Math.min(50 * times, 1000),
    redisOptions: {
      commandTimeout: config.REDIS_COMMAND_TIMEOUT_MS,
      connectTimeout: 1000,
      maxRetriesPerRequest: 1,
      ...login(config),
      ...(secured ? { tls: authorities(config) } : {}),
    },
  })
  refreshSlots(redis)
  reportConnection(redis, log)
  return redis
}

function login({ REDIS_USERNAME: username, REDIS_PASSWORD: password }: RedisConfig): {
  username?: string
  password?: string
} {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
}

/** Whose certificates are believed: those of the file, or what Node believes. */
function authorities({ REDIS_CA_FILE: file }: RedisConfig): { ca?: Buffer } {
  return file === undefined ? {} : { ca: readFileSync(file) }
}

/**
 * Asks every five seconds which node has which slots. The interval of ioredis starts again when a refresh ends after `disconnect()`, and
 * then keeps the process alive for ever.
 */
function refreshSlots(redis: Redis): void {
  const timer = setInterval(() => {
    if (redis.status === 'ready') redis.refreshSlotsCache()
  }, slotsRefreshMilliseconds).unref()
  redis.once('end', () => clearInterval(timer))
}

/** One line when Redis goes and one when it comes back, not one per attempt to reconnect. */
function reportConnection(redis: Redis, log: Log): void {
  let away = false
  const lost = (err: unknown) => {
    if (!away) log.warn({ err }, 'redis is away')
    away = true
  }
  redis.on('error', lost)
  redis.on('node error', lost)
  redis.on('ready', () => {
    if (away) log.info({}, 'redis is back')
    away = false
  })
}
