import { existsSync, readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Rewrites the stacks of a program that was made one file (ADR 15), so that they name the sources of ours, and the files of packages. Returns
 * null for a program that has no map beside it. The map is read with the first stack, which then takes some 50 ms, once: `--enable-source-maps` would do so at
 * the start, and keep 15 MB for errors that may never come.
 */
export function inSources(program: string): ((stack: string) => string) | null {
  const file = `${program}.map`
  if (!existsSync(file)) return null
  let map: SourceMap | undefined
  const frame = new RegExp(`(?:file://)?${RegExp.escape(program)}:(\\d+):(\\d+)`, 'g')
  return (stack) =>
    stack.replaceAll(frame, (position: string, line: string, column: string) => {
      map ??= new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload)
      const origin = map.findOrigin(Number(line), Number(column))
      if (!('fileName' in origin)) return position
      const source = join(dirname(program), origin.fileName)
      // The map knows no positions in packages.
      return source.includes('node_modules')
        ? source
        : `${source}:${origin.lineNumber}:${origin.columnNumber}`
    })
}
