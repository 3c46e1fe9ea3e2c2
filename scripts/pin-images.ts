import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { imageReferences, pinReferences } from './images/references.ts'
import { lookUpDigest } from './images/registry.ts'

// Writes the digests that the tags of public images have now; with --check it fails when one has none.
const root = join(import.meta.dirname, '..')
try {
  for (const file of ['Dockerfile', 'compose.yaml']) {
    const text = readFileSync(join(root, file), 'utf8')
    if (process.argv.includes('--check')) {
      for (const { registry, repository, tag } of imageReferences(text).filter(
        ({ digest }) => digest === null,
      )) {
        console.log(
          `${file}: ${registry}/${repository}:${tag} has no digest: run \`make pin-images\` and commit it.`,
        )
        process.exitCode = 1
      }
    } else {
      writeFileSync(join(root, file), await pinReferences(text, lookUpDigest))
      console.log(`wrote ${file}`)
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
