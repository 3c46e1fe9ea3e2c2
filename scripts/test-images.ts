import { globSync, utimesSync } from 'node:fs'
import { debianOfCompose, makeLocalBases } from './images/bases.ts'
import { buildImage, imageName } from './images/build.ts'
import { installDockerCompose } from './images/docker-compose.ts'
import { imageTargets } from './images/dockerfile.ts'
import { installImageTools } from './images/install.ts'
import { printSizes } from './images/sizes.ts'
import { runTap } from './test/run-tap.ts'

// Every target of the Dockerfile, built on locally made bases, inspected, and started against a real Postgres and Redis; and
// compose.yaml, as far as that can be without Docker.
const files = process.argv.slice(2)
const wanted = files.length > 0 ? files : globSync('images/test/*.test.ts')
try {
  await installImageTools()
  await installDockerCompose()
  await debianOfCompose()
  await makeLocalBases()
  for (const target of [...imageTargets(), 'development']) {
    console.log(`  building ${target}`)
    await buildImage(target)
  }
  if (wanted.some((file) => file.endsWith('reproducible.test.ts'))) {
    console.log('  building worker again')
    const now = new Date()
    utimesSync('services/worker/src/server.ts', now, now)
    await buildImage('worker', { tag: imageName('worker-again'), cache: false })
  }
  await printSizes()
  const { passed, failed } = await runTap(wanted, 'images')
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
