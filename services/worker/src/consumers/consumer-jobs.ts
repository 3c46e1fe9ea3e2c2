import type { WakeListener } from '@comanda/events/wake'
import type { Job } from '../jobs/job.ts'
import type { Consumer } from './consumer.ts'
import { type ConsumerJobOptions, consumerJob } from './consumer-job.ts'
import { measureConsumerLagJob } from './measure-consumer-lag.job.ts'
import { createPace } from './pace.ts'

export interface ConsumerJobs extends WakeListener {
  jobs: Job[]
}

/** Makes a job for each consumer, which a wake starts at once, and the job that measures their lag. */
export function consumerJobs(
  consumers: readonly Consumer[],
  { database, metrics, probe }: Omit<ConsumerJobOptions, 'pace'> & { probe: () => void },
): ConsumerJobs {
  const paced = consumers.map((consumer) => ({
    consumer,
    pace: createPace(probe, { leastSeconds: consumer.leastSeconds }),
  }))
  return {
    jobs: [
      ...paced.map(({ consumer, pace }) => consumerJob(consumer, { database, metrics, pace })),
      measureConsumerLagJob(consumers, { database, metrics }),
    ],
    onWake() {
      for (const { pace } of paced) pace.wake()
    },
    onHeard() {
      for (const { pace } of paced) pace.heard()
    },
  }
}
