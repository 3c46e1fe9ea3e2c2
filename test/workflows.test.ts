import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { findServices, serviceUrl } from '../libs/local-stack/src/fleet/services.ts'
import { scenarioNames } from '../load-tests/profiles/scenarios.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, '.github/workflows')
const targets = new Set(
  [...readFileSync(join(root, 'Makefile'), 'utf8').matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name),
)

interface Step {
  name?: string
  uses?: string
  run?: string
  env?: Record<string, string>
}

interface Workflow {
  on: { workflow_dispatch?: { inputs: { scenario: { options: string[]; default: string } } } }
  permissions: Record<string, string>
  jobs: Record<string, { steps: Step[]; env?: Record<string, string> }>
}

const files = readdirSync(folder)
const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8')) as Workflow
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps)

for (const file of files) {
  t.test(`${file} runs what exists, by actions that cannot change, and may only read`, (t) => {
    const workflow = read(file)
    t.strictSame(workflow.permissions, { contents: 'read' })
    for (const { uses, run } of stepsOf(workflow)) {
      if (uses !== undefined)
        t.match(uses, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/, 'a commit, because tags can be moved')
      const [, target] = /^make ([a-z0-9-]+)$/.exec(run ?? '') ?? []
      if (target !== undefined) t.ok(targets.has(target), `make ${target}`)
      else if (run !== undefined) t.equal(run, 'make "load-$SCENARIO"')
    }
    t.end()
  })
}

t.test('the workflow of load tests offers every scenario, and finds the fleet of `make up`', (t) => {
  const workflow = read('load-tests.yml')
  const { options, default: otherwise } = workflow.on.workflow_dispatch?.inputs.scenario ?? { options: [] }
  t.strictSame(options, scenarioNames)
  for (const name of options) t.ok(targets.has(`load-${name}`), name)
  t.equal(workflow.jobs['k6']?.env?.['SCENARIO'], `\${{ inputs.scenario || '${otherwise}' }}`)
  const services = findServices({})
  const urlOf = (name: string) => {
    const service = services.find((service) => service.name === name)
    return service && serviceUrl(service).replace('localhost', '127.0.0.1')
  }
  const steps = stepsOf(workflow)
  t.match(steps.find(({ run }) => run === 'make up')?.env, { RATE_LIMITS: 'off' })
  t.match(steps.find(({ run }) => run?.startsWith('make "load-'))?.env, {
    RUNNER: 'k6',
    COMANDA_URL: urlOf('orders'),
    COMANDA_REALTIME_URL: urlOf('realtime'),
  })
  t.end()
})
