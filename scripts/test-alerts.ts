import { findPrograms } from './observe/find-programs.ts'
import { runTap } from './test/run-tap.ts'

// A fleet, exporters, Prometheus and Alertmanager of its own, which it breaks.
try {
  await findPrograms()
  const { passed, failed } = await runTap(['charts/test/alerts/faults.test.ts'], 'alerts')
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
