import { globSync } from 'node:fs'
import { startControlPlane } from './charts/cluster/control-plane.ts'
import { installClusterPrograms } from './charts/cluster/programs.ts'
import { installChartTools } from './charts/install.ts'
import { runTap } from './test/run-tap.ts'

// The chart and k8s/ on a real API server with its controllers and scheduler, and nodes that kwok plays.
try {
  await installChartTools()
  await installClusterPrograms()
  const cluster = await startControlPlane('cluster')
  try {
    process.env['KUBECONFIG'] = cluster.kubeconfig
    // A file is the whole life of a release, most of which is waiting for pods.
    process.env['TAP_TIMEOUT'] = '600'
    const files = process.argv.slice(2)
    const { passed, failed } = await runTap(
      files.length > 0 ? files : globSync('charts/test/cluster/*.test.ts'),
      'cluster',
    )
    console.log(`${passed} passed, ${failed} failed`)
    process.exitCode = failed === 0 && passed > 0 ? 0 : 1
  } finally {
    await cluster.stop()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
