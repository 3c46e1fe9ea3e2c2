import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { programOf } from '../../scripts/charts/go.ts'
import { schemaLocations } from '../../scripts/charts/schemas.ts'
import { kubernetesVersions, tools } from '../../scripts/charts/versions.ts'
import { cases } from './cases.ts'
import { chart, development, production, renderForReview, root } from './chart.ts'
import { buildK8s } from './kustomize.ts'

const run = promisify(execFile)
const renders = join(root, 'charts/renders')

t.test('helm lint has nothing to say, strictly', async (t) => {
  for (const preset of [development, production]) {
    const values = preset.map((file) => `--values=${join(root, 'charts', file)}`)
    const { stdout } = await run(programOf(tools.helm), ['lint', '--strict', '--quiet', chart, ...values])
    t.equal(stdout.trim(), '', preset.join(' '))
  }
})

t.test('the committed renders are what the chart renders (make charts-docs writes them)', async (t) => {
  for (const [name, options] of Object.entries(cases)) {
    const file = join(renders, `${name}.yaml`)
    const text = await renderForReview(options)
    t.ok((await readFile(file, 'utf8').catch(() => '')) === text, `charts/renders/${name}.yaml`)
  }
  t.same(
    readdirSync(renders).toSorted(),
    Object.keys(cases)
      .map((name) => `${name}.yaml`)
      .toSorted(),
  )
})

t.test('every Kubernetes that the chart supports takes the renders and k8s/, to the last key', async (t) => {
  const files = Object.keys(cases).map((name) => join(renders, `${name}.yaml`))
  const built = t.testdir({})
  for (const folder of ['development', 'production']) {
    const file = join(built, `${folder}.yaml`)
    await writeFile(file, await buildK8s(folder))
    files.push(file)
  }
  for (const version of kubernetesVersions) {
    const locations = schemaLocations(version).flatMap((location) => ['-schema-location', location])
    const { stdout } = await run(programOf(tools.kubeconform), [
      '-strict',
      '-summary',
      ...locations,
      ...files,
    ]).catch((error: { stdout: string }) => error)
    const problems = stdout.split('\n').filter((line) => / failed validation|invalid/.test(line))
    t.same(problems, [], `Kubernetes ${version}`)
    t.match(stdout, /Invalid: 0, Errors: 0, Skipped: 0/)
  }
})

t.test(
  'a misspelt key, a missing one and a wrong type are found in any resource, so the check above can fail',
  async (t) => {
    const wrong = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: misspelt }
spec:
  selector: {}
  template: { spec: { containers: [{ name: a, image: b, redinessProbe: {} }] } }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: wrong-type }
spec: { replicas: five }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: fine }
spec: { maxUnavailable: 1 }
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: missing }
spec: { postgresql: { synchronous: { method: any } } }
`
    const file = join(t.testdir({ 'wrong.yaml': wrong }), 'wrong.yaml')
    for (const version of kubernetesVersions) {
      const locations = schemaLocations(version).flatMap((location) => ['-schema-location', location])
      const { stdout } = await run(programOf(tools.kubeconform), [
        '-strict',
        '-summary',
        ...locations,
        file,
      ]).catch((error: { stdout: string }) => error)
      t.match(stdout, /Valid: 1, Invalid: 3, Errors: 0/, version)
      t.match(stdout, 'redinessProbe')
    }
  },
)
