import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { type Node, parse } from 'acorn'
import { simple } from 'acorn-walk'
import type { PatternPlace } from './pattern-place.ts'

export interface SourcePatterns {
  literals: PatternPlace[]
  /** Where a regular expression is put together while the program runs, so that nothing can be said of it. */
  made: string[]
}

type ParsedNode = Node & {
  loc: { start: { line: number } }
  regex?: { pattern: string; flags: string }
  callee?: { name?: string }
}

/** The regular expressions of a TypeScript file. */
export function sourcePatterns(file: string, root: string): SourcePatterns {
  const found: SourcePatterns = { literals: [], made: [] }
  const code = stripTypeScriptTypes(readFileSync(file, 'utf8'), { mode: 'strip' })
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
  const place = (node: ParsedNode) => `${file.slice(root.length + 1)}:${node.loc.start.line}`
  const onCall = (node: ParsedNode) => {
    if (node.callee?.name === 'RegExp') found.made.push(place(node))
  }
  simple(program, {
    Literal(node) {
      const { regex } = node as ParsedNode
      if (regex !== undefined)
        found.literals.push({
          source: regex.pattern,
          flags: regex.flags,
          place: place(node as ParsedNode),
        })
    },
    NewExpression: (node) => onCall(node as ParsedNode),
    CallExpression: (node) => onCall(node as ParsedNode),
  })
  return found
}
