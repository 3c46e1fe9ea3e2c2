import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { findServices } from '../../libs/local-stack/src/fleet/services.ts'
import { cases } from './cases.ts'
import { development, production, render, root } from './chart.ts'

const hookOf = (object: any): string | undefined => object.metadata.annotations?.['helm.sh/hook']

t.test('migrations run before every install and upgrade, and leave nothing behind', async (t) => {
  const objects = await render({ values: production })
  const job = objects.get('Job', 'comanda-migrate')
  t.equal(hookOf(job), 'pre-install,pre-upgrade')
  t.equal(job.metadata.annotations?.['helm.sh/hook-delete-policy'], 'before-hook-creation,hook-succeeded')
  const [container] = job.spec.template.spec.containers
  t.match(container.image, /^ghcr\.io\/comanda\/tools@sha256:/)
  t.ok(existsSync(join(root, container.args[0])), container.args[0])
  t.same(
    container.env.map(({ name }: any) => name),
    ['DATABASE_URL', 'PGUSER', 'PGPASSWORD'],
  )
  t.match(job.spec, { backoffLimit: 3, activeDeadlineSeconds: 600, ttlSecondsAfterFinished: Number })
})

t.test('a hook that runs before the release needs nothing that the release makes', async (t) => {
  for (const [name, options] of Object.entries(cases)) {
    const objects = await render(options)
    const job = objects.get('Job', 'comanda-migrate')
    const text = JSON.stringify(job.spec)
    for (const { kind, metadata } of objects.all.filter((object) => hookOf(object) === undefined)) {
      if (!['Secret', 'ConfigMap', 'ServiceAccount'].includes(kind)) continue
      t.notOk(text.includes(`"name":"${metadata.name}"`), `${name}: no ${kind} ${metadata.name}`)
      t.notOk(job.spec.template.spec.serviceAccountName)
    }
  }
  const own = await render(cases['development-without-operators'] ?? { values: [] })
  const secret = own.get('Secret', 'comanda-migrate')
  t.equal(hookOf(secret), 'pre-install,pre-upgrade')
  t.match(secret.metadata.annotations, { 'helm.sh/hook-weight': '-1' }, 'before the job that reads it')
})

t.test('demo data comes after the install, in development alone', async (t) => {
  const objects = await render({ values: development, set: ['seed.orders=1000'] })
  const seed = objects.get('Job', 'comanda-seed')
  t.equal(hookOf(seed), 'post-install,post-upgrade')
  const [container] = seed.spec.template.spec.containers
  t.ok(existsSync(join(root, container.args[0])), container.args[0])
  t.match(container.env, [
    { name: 'PGUSER' },
    { name: 'PGPASSWORD' },
    { name: 'DATABASE_URL' },
    { name: 'DEMO_PASSWORD', value: 'comanda-demo' },
    { name: 'NODE_ENV', value: 'development' },
    { name: 'ORDERS', value: '1000' },
  ])
  const { all } = await render({ values: production })
  t.notOk(all.some(({ metadata }) => metadata.name === 'comanda-seed' && hookOf({ metadata })))
})

t.test('the payment sandbox is the file that the image of orders has', async (t) => {
  const objects = await render({ values: development })
  const [container] = objects.get('Deployment', 'comanda-payments').spec.template.spec.containers
  const payments = findServices({}).find(({ name }) => name === 'payments')
  t.same(container.args, [join(relative(root, payments?.directory ?? ''), 'dist/server.mjs')])
})

t.test('the smoke test knows every component and a customer', async (t) => {
  const objects = await render({ values: production })
  const pod = objects.get('Pod', 'comanda-smoke-test')
  t.equal(hookOf(pod), 'test')
  const [container] = pod.spec.containers
  t.match(container.env, [
    { name: 'SMOKE_EMAIL', valueFrom: { secretKeyRef: { name: 'comanda-smoke-test', key: 'email' } } },
    { name: 'SMOKE_PASSWORD' },
    { name: 'ANALYTICS_URL', value: 'http://comanda-analytics:3003' },
    { name: 'ORDERS_URL', value: 'http://comanda-orders:3001' },
    { name: 'REALTIME_URL', value: 'http://comanda-realtime:3002' },
    { name: 'WORKER_URL', value: 'http://comanda-worker:3004' },
    { name: 'SMOKE_TIMEOUT_SECONDS', value: '60' },
  ])
  t.ok(pod.spec.activeDeadlineSeconds > 60)
  const scripts = objects.get('ConfigMap', 'comanda-smoke-test')
  t.equal(hookOf(scripts), 'test')
  t.ok(scripts.data['main.mts'].includes('SMOKE_EMAIL'))
  for (const [, imported] of scripts.data['main.mts'].matchAll(/from '\.\/(.*)'/g))
    t.ok(scripts.data[imported])
})
