import { globSync } from 'node:fs'
import { join } from 'node:path'
import { findFolderLoops } from './imports/folder-loops.ts'
import { readImports } from './imports/read-imports.ts'

// Folders of a service or a lib import one another one way only; the linter sees no more than loops of single files.
const root = join(import.meta.dirname, '..')
const loops = globSync('{services,libs}/*/src', { cwd: root })
  .toSorted()
  .flatMap((src) => findFolderLoops(readImports(join(root, src))).map((loop) => `${src}: ${loop}`))

for (const loop of loops) console.error(loop)
if (loops.length > 0) process.exitCode = 1
