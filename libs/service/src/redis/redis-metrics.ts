import type { Command } from 'ioredis'
import type { Metrics } from '../metrics/metrics.ts'
import type { Redis } from './create-redis.ts'

/** One command that a client has sent. */
export interface RedisCommand {
  /** Its name, in lower case. */
  command: string
  /** When it was sent, on the clock of `performance.now`. */
  startedAt: number
  failed: boolean
}

/** Called when a command has ended, in the async context of whoever sent it. */
export type RedisCommandListener = (command: RedisCommand) => void

/** Measures every command of a client, failed ones too, as `redis_command_duration_seconds` {command}, and tells `onCommand` of it. */
export function instrumentRedis(redis: Redis, metrics: Metrics, onCommand?: RedisCommandListener): void {
  const duration = metrics.histogram({
    name: 'redis_command_duration_seconds',
    help: 'Time from sending a Redis command to its reply, error or time-out',
    labels: ['command'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
  })
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command: Command, ...rest: never[]) => {
    const startedAt = performance.now()
    const observe = () => duration.observe({ command: command.name }, (performance.now() - startedAt) / 1000)
    command.promise.then(observe, observe)
    if (onCommand !== undefined) {
      const tell = (failed: boolean) => () => onCommand({ command: command.name, startedAt, failed })
      command.promise.then(tell(false), tell(true))
    }
    return send(command, ...rest)
  }
}
