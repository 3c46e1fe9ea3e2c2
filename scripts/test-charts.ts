import { globSync } from 'node:fs'
import { loadDotEnv } from '../libs/local-stack/src/fleet/environment.ts'
import { startTestStack } from '../libs/local-stack/src/migrated-template.ts'
import { installChartTools } from './charts/install.ts'
import { runTap } from './test/run-tap.ts'

// The chart and k8s/, on the tools and schemas that users have. One test places an order, so it needs the test stack.
try {
  loadDotEnv()
  await installChartTools()
  await startTestStack()
  const files = process.argv.slice(2)
  const { passed, failed } = await runTap(
    files.length > 0 ? files : globSync('charts/test/*.test.ts'),
    'charts',
  )
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
