import { globSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import type { PatternPlace } from './patterns/pattern-place.ts'
import { provePattern } from './patterns/prove-pattern.ts'
import { schemaPatterns } from './patterns/schema-patterns.ts'
import { sourcePatterns } from './patterns/source-patterns.ts'

// Proves that each regular expression that a client's text may reach takes time that grows with the text only: one that
// does not lets a single request stop a process. The patterns of schemas are those of the OpenAPI documents.
const root = join(import.meta.dirname, '..')

/** Code that runs on a developer's machine, or reads only what is in this repository and what an operator configures. */
const untouched = [
  'libs/local-stack/**',
  'libs/seed/**',
  'libs/client/src/rest/generated/**',
  'libs/database/src/{cli,dump,migrate,types-check}/**',
  'libs/database/src/nodes/host-urls.ts',
  'libs/service/src/testing/**',
  'libs/service/src/logging/in-sources.ts',
  'services/*/src/api-description.ts',
]

const sources = globSync('{libs,services}/*/src/**/*.ts', { cwd: root })
  .toSorted()
  .filter((file) => !untouched.some((glob) => matchesGlob(file, glob)))
  .map((file) => sourcePatterns(join(root, file), root))
const documents = globSync('services/*/openapi.json', { cwd: root }).toSorted()
const patterns: PatternPlace[] = [
  ...documents.flatMap((file) => schemaPatterns(JSON.parse(readFileSync(join(root, file), 'utf8')), file)),
  ...sources.flatMap(({ literals }) => literals),
]
if (documents.length === 0 || patterns.length === 0) throw new Error('no patterns were found to prove')

const failures = sources
  .flatMap(({ made }) => made)
  .map((place) => `${place}: the expression is made at run time, so that it cannot be proved`)
for (const pattern of patterns) {
  const reason = provePattern(pattern)
  if (reason !== undefined) failures.push(`${pattern.place}: /${pattern.source}/${pattern.flags} ${reason}`)
}
for (const failure of failures) console.error(failure)
if (failures.length > 0) process.exitCode = 1
