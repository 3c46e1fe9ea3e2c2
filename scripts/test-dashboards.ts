import { findPrograms } from './observe/find-programs.ts'
import { runTap } from './test/run-tap.ts'

// A fleet, exporters and Prometheus of its own, which it uses.
try {
  await findPrograms()
  const { passed, failed } = await runTap(['charts/test/dashboards/panels.test.ts'], 'dashboards')
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
