import { globSync } from 'node:fs'
import { installCommand } from './charts/go.ts'
import { makeLocalBases } from './images/bases.ts'
import { buildImage, imageTargets } from './images/build.ts'
import { installImageTools } from './images/install.ts'
import { printSizes } from './images/sizes.ts'
import { composeLoader } from './images/versions.ts'
import { runTap } from './test/run-tap.ts'

// Every target of the Dockerfile, built on locally made bases, looked at, and started against a real Postgres and Redis.
try {
  await installImageTools()
  await installCommand(composeLoader)
  await makeLocalBases()
  for (const target of [...imageTargets(), 'development']) {
    console.log(`  building ${target}`)
    await buildImage(target)
  }
  await printSizes()
  const files = process.argv.slice(2)
  const { passed, failed } = await runTap(
    files.length > 0 ? files : globSync('images/test/*.test.ts'),
    'images',
  )
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
