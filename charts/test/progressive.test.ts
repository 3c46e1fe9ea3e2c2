import t from 'tap'
import { production, render } from './chart.ts'

const canary = { values: [...production, 'test/cases/canary.yaml'] }

t.test('a canary goes 5, 25, 50, 100 percent while the errors of its own pods are watched', async (t) => {
  const objects = await render(canary)
  const { spec } = objects.get('Rollout', 'comanda-orders')
  const weights = spec.strategy.canary.steps.map((step: any) => step.setWeight).filter(Boolean)
  t.same(weights, [5, 25, 50, 100])
  t.match(spec.strategy.canary, {
    stableService: 'comanda-orders',
    canaryService: 'comanda-orders-canary',
    analysis: {
      startingStep: 1,
      templates: [{ templateName: 'comanda-orders' }],
      args: [{ name: 'pods', valueFrom: { podTemplateHashValue: 'Latest' } }],
    },
  })
  const [metric] = objects.get('AnalysisTemplate', 'comanda-orders').spec.metrics
  const { query } = metric.provider.prometheus
  t.match(query, /rollouts_pod_template_hash="\{\{args\.pods\}\}"/)
  t.match(query, /container="orders"/)
  const monitor = objects.get('ServiceMonitor', 'comanda')
  t.ok(monitor.spec.podTargetLabels.includes('rollouts-pod-template-hash'), 'Prometheus knows that label')
})

t.test('what no traffic means is decided: neither good nor bad, unless the values say so', async (t) => {
  const conditions = async (noTraffic: string) => {
    const set = [`components.orders.strategy.analysis.noTraffic=${noTraffic}`]
    const objects = await render({ ...canary, set })
    const [metric] = objects.get('AnalysisTemplate', 'comanda-orders').spec.metrics
    const judge = (result: number[]) => ({
      // The conditions are written in a language whose subset used here JavaScript reads as well.
      good: evaluate(metric.successCondition, result),
      bad: evaluate(metric.failureCondition, result),
    })
    t.same(judge([0]), { good: true, bad: false })
    t.same(judge([0.01]), { good: true, bad: false })
    t.same(judge([0.011]), { good: false, bad: true })
    return [judge([]), judge([NaN])]
  }
  const nothing = { good: false, bad: false }
  const passed = { good: true, bad: false }
  const failed = { good: false, bad: true }
  t.same(await conditions('pause'), [nothing, nothing])
  t.same(await conditions('pass'), [passed, passed])
  t.same(await conditions('fail'), [failed, failed])
})

function evaluate(condition: string, result: number[]): unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- the chart's own condition.
  const check = new Function('result', 'isNaN', 'len', `return ${condition}`)
  return check(result, Number.isNaN, (list: number[]) => list.length)
}

t.test('the route carries both services with the weights that a finished rollout leaves', async (t) => {
  const objects = await render(canary)
  const [rule] = objects.get('HTTPRoute', 'comanda-orders').spec.rules
  const backends = rule.backendRefs.map(({ name, weight }: any) => [name, weight])
  t.same(backends, [
    ['comanda-orders', 100],
    ['comanda-orders-canary', 0],
  ])
  for (const [name] of backends) t.ok(objects.get('Service', name))
})

t.test(
  'without the route, a canary takes a share of the pods and needs no services of its own',
  async (t) => {
    const { spec } = (await render(canary)).get('Rollout', 'comanda-realtime')
    t.notOk(spec.strategy.canary.trafficRouting)
    t.notOk(spec.strategy.canary.canaryService)
  },
)

t.test('blue-green has a preview, and is watched once it has the traffic', async (t) => {
  const objects = await render({ values: [...production, 'test/cases/blue-green.yaml'] })
  t.match(objects.get('Rollout', 'comanda-orders').spec.strategy.blueGreen, {
    activeService: 'comanda-orders',
    previewService: 'comanda-orders-preview',
    autoPromotionEnabled: true,
    postPromotionAnalysis: { templates: [{ templateName: 'comanda-orders' }] },
  })
  t.ok(objects.get('Service', 'comanda-orders-preview'))
  const [metric] = objects.get('AnalysisTemplate', 'comanda-orders').spec.metrics
  t.ok(metric.count > 0, 'it ends')
  t.ok(objects.get('Deployment', 'comanda-worker'), 'the others are as they were')
})
