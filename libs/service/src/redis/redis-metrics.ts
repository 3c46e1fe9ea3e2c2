import type { Command } from 'ioredis'
import type { Metrics } from '../metrics/metrics.ts'
import type { Redis } from './create-redis.ts'

/** Measures every command of a client, failed ones too, as `redis_command_duration_seconds` {command}. */
export function instrumentRedis(redis: Redis, metrics: Metrics): void {
  const duration = metrics.histogram({
    name: 'redis_command_duration_seconds',
    help: 'Time from sending a Redis command to its reply, error or time-out',
    labels: ['command'],
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1],
  })
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command: Command, ...rest: never[]) => {
    const start = performance.now()
    const observe = () => duration.observe({ command: command.name }, (performance.now() - start) / 1000)
    command.promise.then(observe, observe)
    return send(command, ...rest)
  }
}
