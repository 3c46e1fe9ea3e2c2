import type { FastifyReply } from 'fastify'

/** The values of `x-perf-time-ms` and `server-timing` of an answer that is about to be sent. */
export function timingOf(reply: FastifyReply): { total: string; parts: string } {
  const total = reply.elapsedTime.toFixed(1)
  const { db, cache } = reply.request.timings
  return { total, parts: `total;dur=${total}, db;dur=${db.toFixed(1)}, cache;dur=${cache.toFixed(1)}` }
}
