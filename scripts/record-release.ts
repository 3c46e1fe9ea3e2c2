import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../libs/database/src/migrate/migrate.ts'
import { startTemporaryStack } from '../libs/local-stack/src/temporary-stack.ts'
import manifest from '../package.json' with { type: 'json' }
import { copyDocuments } from './release/copy-documents.ts'
import { dumpRelease } from './release/dump-release.ts'

// Records what a release is, for the tests of those that follow: its database, from which the next one is migrated in CI, and the documents
// of its APIs, which the next ones are compared with.
const root = join(import.meta.dirname, '..')
const { version } = manifest
const file = `libs/database/test/releases/${version}.sql`

const stack = await startTemporaryStack({ postgres: { standbys: 0 } })
try {
  await migrate(stack.primaryUrl)
  writeFileSync(join(root, file), await dumpRelease(stack.primaryUrl, version))
  console.log(`wrote ${file}`)
  for (const name of copyDocuments(join(root, 'services')))
    console.log(`copied services/${name}/openapi.json to openapi.released.json`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await stack.stop()
}
