import t from 'tap'
import { failing, unpullable } from '../../../scripts/charts/cluster/nodes.ts'
import { type KubernetesObject, production } from '../chart.ts'
import { makeNamespace } from './cluster.ts'
import { history, watch } from './watch.ts'

const fleet = ['analytics', 'orders', 'realtime', 'worker']
const newer = `sha256:${'2'.repeat(64)}`
const image = (digest: string, component = 'components.orders') => `${component}.image.digest=${digest}`
// A pod counts as available after this long; 5 s by default, which is what a rollout of five mostly waits for.
const quick = 'defaults.strategy.minReadySeconds=1'

t.test('a fleet of five is upgraded, breaks, goes back, and never has fewer', async (t) => {
  const namespace = await makeNamespace(t, 'upgrade')
  const release = (set: string[] = [], files: string[] = []) =>
    namespace.release([...production, ...files], [quick, ...set])
  const upgrade = (set: string[], ...options: string[]) =>
    namespace.helm(['upgrade', ...release(set), '--wait', '--timeout=100s', ...options])
  const versions = async () => {
    const objects = (await namespace.everything()).filter(({ kind }) => !/^(Event|Lease|Secret)$/.test(kind))
    return Object.fromEntries(
      objects.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.resourceVersion]),
    )
  }
  const templates = async () => {
    const all = await namespace.list('deployments')
    return Object.fromEntries(all.map(({ metadata, spec }) => [metadata.name, spec.template]))
  }
  const imageOf = ({ spec }: KubernetesObject): string => spec.template.spec.containers[0].image
  const orders = () => namespace.get('deployment', 'comanda-orders')

  await namespace.helm(['install', ...release(), '--wait', '--timeout=100s'])
  await namespace.settled()

  await t.test('the same upgrade again changes nothing at all', async (t) => {
    const before = await versions()
    await upgrade([])
    t.same(await versions(), before)
    t.ok(Object.keys(before).length > 40)
  })

  await t.test('an image and a value replace the pods of one component, one at a time', async (t) => {
    const pods = await watch(t, namespace, 'pods')
    const before = await templates()
    await upgrade([image(newer), 'components.orders.env.RATE_LIMIT_API=50/1m'])
    t.match(imageOf(await orders()), newer)
    const seen = history(pods, 'orders')
    // The first changes of a watch say what there is.
    const rolling = seen.slice(5)
    t.ok(rolling.length > 15)
    t.equal(Math.min(...rolling.map(({ ready }) => ready)), 5, 'maxUnavailable 0')
    t.equal(Math.max(...rolling.map(({ all }) => all)), 6, 'maxSurge 1')
    const after = await templates()
    t.same(
      fleet.filter(
        (name) => JSON.stringify(after[`comanda-${name}`]) !== JSON.stringify(before[`comanda-${name}`]),
      ),
      ['orders'],
    )
    t.equal(history(pods, 'worker').length, 5, 'nobody touched the others')
  })

  await t.test('an upgrade whose pods never become ready takes itself back', async (t) => {
    const pods = await watch(t, namespace, 'pods')
    const bad = ['upgrade', ...release([image(unpullable)]), '--rollback-on-failure', '--timeout=15s']
    await t.rejects(namespace.helm(bad), { message: /rolled back due to rollback-on-failure/ })
    t.match(imageOf(await orders()), newer, 'the release before')
    await namespace.kubectl(['rollout', 'status', 'deployment/comanda-orders', '--timeout=30s'])
    t.ok(
      pods.some(({ object }) => object.spec.containers[0].image.endsWith(unpullable)),
      'it was tried',
    )
    t.equal(
      Math.min(
        ...history(pods, 'orders')
          .slice(5)
          .map(({ ready }) => ready),
      ),
      5,
      'five served meanwhile',
    )
  })

  await t.test('a migration that fails stops the upgrade before any pod', async (t) => {
    const before = await templates()
    const bad = [image(newer, 'components.worker'), image(failing, 'tools'), 'migrations.retries=0']
    await t.rejects(upgrade(bad), { message: /pre-upgrade hooks failed: .*comanda-migrate/s })
    t.same(await templates(), before)
    t.equal((await namespace.list('jobs')).length, 1, 'the job stays, for its log')
  })

  await t.test('rollback brings back what the first release was', async (t) => {
    const pods = await watch(t, namespace, 'pods')
    await namespace.helm(['rollback', 'comanda', '1', '--wait', '--timeout=100s'])
    t.match(imageOf(await orders()), `sha256:${'0'.repeat(64)}`)
    t.equal(
      Math.min(
        ...history(pods, 'orders')
          .slice(5)
          .map(({ ready }) => ready),
      ),
      5,
    )
  })

  await t.test('one more component is one more entry, and the others go on', async (t) => {
    const before = await templates()
    const joined = release([], ['test/cases/one-more.yaml'])
    await namespace.helm(['upgrade', ...joined, '--wait', '--timeout=100s'])
    await namespace.settled()
    const { 'comanda-analytics': added, ...others } = await templates()
    t.ok(added)
    t.same(others, before)
    t.equal((await namespace.get('deployment', 'comanda-analytics')).status.availableReplicas, 5)
  })

  await t.test('a rotated Secret that the chart does not make replaces the pods that read it', async (t) => {
    const before = await templates()
    const stringData = { ACCESS_TOKEN_SECRET: 'y'.repeat(40) }
    const patch = `--patch=${JSON.stringify({ stringData })}`
    await namespace.kubectl(['patch', 'secret', 'comanda-secrets', patch])
    await upgrade([])
    const after = await templates()
    for (const name of fleet)
      t.not(JSON.stringify(after[`comanda-${name}`]), JSON.stringify(before[`comanda-${name}`]))
  })
})
