import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { OpenLoopPlan, OpenLoopReport } from './open-loop.ts'

/**
 * Sends requests at a steady rate, whether or not the answers keep up. Latency counts from when a request was due, not from
 * when it was sent: a server that stalls, or we, must not be flattered by what was not asked meanwhile.
 */

const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const everyMilliseconds = 1

async function run(plan: OpenLoopPlan): Promise<OpenLoopReport> {
  const { url, requests, perSecond, seconds } = plan
  const report: OpenLoopReport = { milliseconds: [], lateMilliseconds: 0, refused: 0, firstRefusal: null }
  const underWay: Promise<void>[] = []

  function one(index: number, dueAt: number): Promise<void> {
    const { path, token, body } = requests[index % requests.length] as OpenLoopPlan['requests'][number]
    report.lateMilliseconds = Math.max(report.lateMilliseconds, performance.now() - dueAt)
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    }
    return new Promise((resolve) => {
      const refuse = (reason: string) => {
        report.refused += 1
        report.firstRefusal ??= reason
        resolve()
      }
      const call = request(url + path, { method: 'POST', agent, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => {
          if (response.statusCode !== 201) return refuse(text)
          report.milliseconds.push(performance.now() - dueAt)
          resolve()
        })
      })
      call.once('error', (error) => refuse(String(error)))
      call.end(JSON.stringify(body))
    })
  }

  const startedAt = performance.now()
  const total = Math.floor(perSecond * seconds)
  let started = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      for (const due = dueBy(performance.now()); started < due; started += 1) {
        underWay.push(one(started, startedAt + (started / perSecond) * 1000))
      }
      if (started < total) return
      clearInterval(timer)
      resolve()
    }, everyMilliseconds)
  })
  await Promise.all(underWay)
  return report

  function dueBy(now: number): number {
    return Math.min(total, Math.floor(((now - startedAt) / 1000) * perSecond) + 1)
  }
}

process.on('message', (plan: OpenLoopPlan) => {
  void run(plan).then((report) => process.send?.(report))
})
