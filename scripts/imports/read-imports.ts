import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Import } from './folder-loops.ts'

const statement =
  /^(?:import|export)\b[^;'"]*?(?:from )?'((?:\.\.?|#src)\/[^']+)'|\bimport\('((?:\.\.?|#src)\/[^']+)'\)/gm

/** The imports between the TypeScript files of a `src` folder, those of types too, by their paths below it. */
export function readImports(src: string): Import[] {
  return globSync('**/*.ts', { cwd: src }).flatMap((from) =>
    [...readFileSync(join(src, from), 'utf8').matchAll(statement)].map(([, named, dynamic]) => {
      const specifier = named ?? dynamic ?? ''
      const target = specifier.startsWith('#src/')
        ? join(src, specifier.slice('#src/'.length))
        : join(src, dirname(from), specifier)
      return { from, to: relative(src, target) }
    }),
  )
}
