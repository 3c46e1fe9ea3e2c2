import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readValues, valuesPage } from '../../scripts/charts/values-page.ts'
import { chart, development, production, renderText, root } from './chart.ts'

const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8'))

t.test('docs/chart-values.md is what the schema says (make charts-docs writes it)', async (t) => {
  t.ok(readFileSync(join(root, 'docs/chart-values.md'), 'utf8') === valuesPage(schema, readValues()))
})

t.test('every object of the schema is closed, and every value has a description', async (t) => {
  const visit = (node: any, path: string): void => {
    if (node.$ref) return
    if (node.type === 'object' && path !== '/global') {
      t.ok(node.additionalProperties !== undefined, `${path} says what else may be in it`)
      t.not(node.additionalProperties, true, `${path} is closed`)
    }
    for (const [name, property] of Object.entries<any>(node.properties ?? {})) {
      t.ok(property.description || property.$ref, `${path}/${name} is described`)
      visit(property, `${path}/${name}`)
    }
    if (typeof node.additionalProperties === 'object') visit(node.additionalProperties, `${path}/*`)
    if (node.items) visit(node.items, `${path}[]`)
  }
  visit(schema, '')
  for (const [name, definition] of Object.entries(schema.$defs)) visit(definition, `#${name}`)
})

const refusals: { what: string; preset: string[]; set: string[]; says: RegExp }[] = [
  {
    what: 'a misspelt value',
    preset: development,
    set: ['components.orders.replicsa=3'],
    says: /'\/components\/orders'.*'replicsa' not allowed/,
  },
  {
    what: 'a misspelt value at the top',
    preset: development,
    set: ['gatway.enabled=true'],
    says: /'gatway' not allowed/,
  },
  {
    what: 'a wrong type',
    preset: development,
    set: ['defaults.replicas=many'],
    says: /'\/defaults\/replicas'/,
  },
  {
    what: 'a component without a port',
    preset: development,
    set: ['components.web.enabled=true'],
    says: /'\/components\/web': missing property 'port'/,
  },
  {
    what: 'a name that no Service can have',
    preset: development,
    set: ['components.Web.port=1'],
    says: /'\/components'.*'Web' not allowed/,
  },
  {
    what: 'an environment variable that is no text',
    preset: development,
    set: ['config.BODY_LIMIT_BYTES=1'],
    says: /'\/config\/BODY_LIMIT_BYTES': got number, want string/,
  },
  {
    what: 'a secret among the configuration',
    preset: development,
    set: ['config.ACCESS_TOKEN_SECRET=x'],
    says: /ACCESS_TOKEN_SECRET is a secret: .* components\.\w+\.secretEnv/,
  },
  {
    what: 'a digest that is none',
    preset: development,
    set: ['components.orders.image.digest=latest'],
    says: /'\/components\/orders\/image\/digest'/,
  },
  {
    what: 'root',
    preset: development,
    set: ['securityContext.user=0'],
    says: /'\/securityContext\/user': minimum/,
  },
  {
    what: 'production without secrets',
    preset: production,
    set: ['secrets.existingSecret='],
    says: /secrets\.existingSecret must name a Secret .*production has no default secrets/,
  },
  {
    what: 'secrets in the values of production',
    preset: production,
    set: ['secrets.existingSecret=', 'secrets.values.ACCESS_TOKEN_SECRET=x'],
    says: /secrets\.existingSecret must name a Secret/,
  },
  {
    what: 'two sources of secrets',
    preset: development,
    set: ['secrets.existingSecret=other'],
    says: /secrets\.existingSecret and secrets\.values are set at once/,
  },
  ...['database', 'redis'].map((name) => ({
    what: `production without the password of ${name}`,
    preset: production,
    set: [`${name}.credentials.existingSecret=`],
    says: new RegExp(`${name}\\.credentials\\.existingSecret must name a Secret`),
  })),
  {
    what: 'a database password in the values of production',
    preset: production,
    set: ['database.credentials.password=x'],
    says: /database\.credentials\.existingSecret must name a Secret/,
  },
  {
    what: 'a component that logs in as the owner in production',
    preset: production,
    set: ['components.worker.databaseCredentials.existingSecret='],
    says: /components\.worker\.databaseCredentials\.existingSecret must name .*role, comanda_worker: /,
  },
  {
    what: 'the password of a role in the values of production',
    preset: production,
    set: ['components.worker.databaseCredentials.password=x'],
    says: /components\.worker\.databaseCredentials\.existingSecret must name a Secret: production takes no passwords/,
  },
  {
    what: 'no database',
    preset: development,
    set: ['database.host='],
    says: /database\.host must be set/,
  },
  { what: 'no Redis', preset: development, set: ['redis.nodes=null'], says: /redis\.nodes must name/ },
  {
    what: 'production images by tag',
    preset: ['comanda/values-production.yaml'],
    set: ['gateway.hostnames={a.test}'],
    says: /image\.digest must be set: image\.requireDigest is true/,
  },
  {
    what: 'production without a hostname',
    preset: production,
    set: ['gateway.hostnames=null'],
    says: /gateway\.hostnames must name/,
  },
  {
    what: 'a smoke test that cannot log in',
    preset: production,
    set: ['smokeTest.credentials.existingSecret='],
    says: /smokeTest\.credentials\.existingSecret must/,
  },
  { what: 'demo data in production', preset: production, set: ['seed.enabled=true'], says: /seed\.enabled/ },
  {
    what: 'faults in production',
    preset: production,
    set: ['faults.orders.crash=true'],
    says: /faults break things on purpose: .* production/,
  },
  {
    what: 'a root that can be written in production',
    preset: production,
    set: ['securityContext.readOnlyRootFilesystem=false'],
    says: /readOnlyRootFilesystem must be true/,
  },
  {
    what: 'faults of nobody',
    preset: development,
    set: ['faults.order.crash=true'],
    says: /faults\.order: there is no component/,
  },
  {
    what: 'calls to nobody',
    preset: development,
    set: ['components.orders.calls={bank}'],
    says: /components\.orders\.calls: there is no enabled component bank/,
  },
  {
    what: 'less grace than it takes to stop',
    preset: development,
    set: ['components.orders.preStopSeconds=40'],
    says: /components\.orders\.terminationGracePeriodSeconds/,
  },
  {
    what: 'an update that could never begin',
    preset: development,
    set: ['defaults.strategy.maxSurge=0'],
    says: /strategy: maxSurge and maxUnavailable are both 0/,
  },
  {
    what: 'more pods at least than at most',
    preset: production,
    set: ['defaults.autoscaling.min=30'],
    says: /autoscaling\.min is above autoscaling\.max/,
  },
  {
    what: 'KEDA without a query',
    preset: production,
    set: ['components.orders.autoscaling.by=KEDA'],
    says: /components\.orders\.autoscaling\.keda\.query/,
  },
]

for (const { what, preset, set, says } of refusals) {
  t.test(`${what} is refused by name`, async (t) => {
    await t.rejects(renderText({ values: preset, set }), { message: says })
  })
}

const missing: [needs: string, set: string][] = [
  ['components.orders.strategy.type Canary needs Argo Rollouts', 'components.orders.strategy.type=Canary'],
  ['components.realtime.autoscaling.by KEDA needs KEDA', 'components.realtime.autoscaling.by=KEDA'],
  ['gateway.enabled needs the Gateway API', 'gateway.enabled=true'],
]

for (const [needs, set] of missing) {
  t.test(`without its CRDs, ${needs}`, async (t) => {
    await t.rejects(renderText({ values: development, set: [set], apiVersions: [] }), {
      message: new RegExp(`${needs}: the cluster has no `),
    })
  })
}

t.test('a Kubernetes that is too old is refused', async (t) => {
  await t.rejects(renderText({ values: development, kubernetes: '1.33.9' }), { message: />=1\.34/ })
})
