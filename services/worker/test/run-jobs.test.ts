import t from 'tap'
import type { Job } from '#src/jobs/job.ts'
import { runJobs } from '#src/jobs/run-jobs.ts'
import { jobContext } from './fixture.ts'

t.test('a failing job is logged once, makes health degraded, and recovers by itself', async (t) => {
  const context = await jobContext()
  const recovered = Promise.withResolvers<void>()
  context.log.info = ((facts: object, message: string) => {
    if (message === 'job recovered') recovered.resolve(t.match(facts, { job: 'shaky' }) as never)
  }) as typeof context.log.info
  let runs = 0
  const statuses: unknown[] = []
  const job: Job = {
    name: 'shaky',
    everySeconds: 0.01,
    async run() {
      await Promise.resolve()
      runs += 1
      statuses.push((await jobs.check.check(new AbortController().signal)).status)
      if (runs === 2 || runs === 3) throw new Error('no database')
      return false
    },
  }
  const jobs = runJobs([job], context)
  await recovered.promise
  await jobs.stop()
  t.equal(context.errors.length, 1)
  t.match(context.errors[0], { message: 'job failed', context: { job: 'shaky' } })
  t.same(statuses.slice(0, 4), ['healthy', 'healthy', 'degraded', 'degraded'])
  const text = await context.metrics.registry.metrics()
  t.match(text, /job_failures_total\{job_name="shaky"\} 2/)
})

t.test('stopping finishes the batch under way and begins no other', async (t) => {
  const context = await jobContext()
  const started = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  let runs = 0
  const job: Job = {
    name: 'long',
    everySeconds: 0,
    async run(signal) {
      runs += 1
      started.resolve()
      await finish.promise
      t.equal(signal.aborted, true, 'the signal of the batch is aborted')
      return true
    },
  }
  const jobs = runJobs([job], context)
  await started.promise
  let stopped = false
  const stopping = jobs.stop().then(() => (stopped = true))
  await new Promise((resolve) => setImmediate(resolve))
  t.equal(stopped, false)
  finish.resolve()
  await stopping
  t.equal(runs, 1)
})
