import { installMonitoringTools } from './charts/install.ts'
import { runTap } from './test/run-tap.ts'

// Rules, alerts, routes and the queries of runbooks. Nothing has to run for it.
try {
  await installMonitoringTools()
  const files = ['charts/test/rules.test.ts', 'charts/test/alertmanager.test.ts']
  const { passed, failed } = await runTap(files, 'rules')
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
