import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { createSandbox } from '../../../libs/payments/src/sandbox/sandbox.ts'
import { type Campus, createSigner, insertCampus } from '../../../load-tests/campus.ts'
import { openObservedFleet } from '../alerts/observed-fleet.ts'
import { askForLabelValues, askForTarget, type Series } from './ask-prometheus.ts'
import { serveClusterMetrics } from './cluster-metrics.ts'
import { type Findings, findingsFile } from './findings.ts'
import { dashboards, fillVariables, panelsOf, parseLabelValues } from './read-dashboards.ts'
import { useFleet } from './use-fleet.ts'

/** Longer than the worker takes to count active customers again. */
const useSeconds = Number(process.env['USE_SECONDS'] ?? 90)

const accessTokenSecret = randomBytes(32).toString('hex')
const webhookSecret = randomBytes(32).toString('hex')
const bank = createSandbox({
  journal: null,
  webhookUrl: 'http://127.0.0.1:1/',
  webhookSecret,
  lateMilliseconds: null,
  answerMilliseconds: 600_000,
  retryMilliseconds: 20,
})
t.teardown(() => bank.close())
const cluster = await serveClusterMetrics()
t.teardown(() => cluster.close())

let campus: Campus | undefined
const fleet = await openObservedFleet(t, {
  canary: true,
  moreJobs: [cluster.job],
  env: {
    ACCESS_TOKEN_SECRET: accessTokenSecret,
    PAYMENT_SANDBOX_URL: await bank.listen({ host: '127.0.0.1', port: 0 }),
    PAYMENT_SANDBOX_WEBHOOK_SECRET: webhookSecret,
    RATE_LIMITS: 'off',
  },
  async fill({ primary }) {
    campus = await insertCampus(primary, { cafeterias: 2, customers: 20, accessTokenSecret })
  },
})
if (campus === undefined) throw new Error('the campus was not made')
const cafeteriaId = campus.kitchens[0]?.cafeteriaId ?? ''
const sign = createSigner(accessTokenSecret)
await fleet.untilScraped()

const startedAt = Date.now() / 1000
const stop = useFleet({
  ordersUrl: fleet.url('orders'),
  canaryUrl: fleet.canaryUrl,
  gatewayUrl: fleet.url('realtime'),
  analyticsUrl: fleet.url('analytics'),
  campus,
  staffToken: sign({
    userId: campus.customerIds[0] ?? '',
    role: 'staff',
    memberships: { [cafeteriaId]: 'staff' },
  }),
  managerToken: sign({ role: 'manager', memberships: { [cafeteriaId]: 'manager' } }),
})
await wait(useSeconds * 1000)
const range = { start: startedAt, end: Date.now() / 1000, step: 5 }

for (const [name, dashboard] of dashboards) {
  t.test(
    `every query of every panel of ${name} finds something, and its series can be told apart`,
    async (t) => {
      const values: Record<string, string> = {}
      for (const variable of dashboard.templating.list.filter(({ type }) => type === 'query')) {
        const query = parseLabelValues(fillVariables(variable.query, values))
        const found = await askForLabelValues(fleet.prometheus, query)
        t.ok(found.length > 0, `${variable.name} has values`)
        values[variable.name] = found.length === 1 ? (found[0] ?? '') : `(${found.join('|')})`
      }
      const shown: Findings['shown'] = []
      for (const { title, targets = [] } of panelsOf(dashboard)) {
        const series: Series[] = []
        for (const target of targets) {
          const found = await askForTarget(fleet.prometheus, target, range, values)
          t.ok(
            found.some(({ points }) => points.length > 0),
            `${title}: ${target.legendFormat}`,
            { query: target.expr },
          )
          series.push(...found)
        }
        const legends = series.map(({ legend }) => legend)
        t.same(
          legends,
          [...new Set(legends)].filter((legend) => legend !== ''),
          `${title}: legends`,
        )
        shown.push({ panel: title, series })
      }
      const findings: Findings = { range, shown }
      mkdirSync(dirname(findingsFile(name)), { recursive: true })
      writeFileSync(findingsFile(name), JSON.stringify(findings))
    },
  )
}

t.test('the fleet did all that it was asked for meanwhile', async () => stop())
