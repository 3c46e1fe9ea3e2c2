import { existsSync, readFileSync } from 'node:fs'
import { type ApiChange, compareDocuments } from './openapi/compare-documents.ts'
import { readDocument, servicePath, servicesWith } from './openapi/documents.ts'
import { installOasdiff } from './openapi/oasdiff.ts'

// Compares every service's API with that of the last release (openapi.released.json) and fails when its clients would.
// Without a difference nothing is built, so that `make check` on a new machine does not wait for Go.
for (const service of servicesWith('openapi.json')) {
  const released = servicePath(service, 'openapi.released.json')
  const current = servicePath(service, 'openapi.json')
  if (!existsSync(released)) {
    console.log(
      `services/${service}/openapi.json has no openapi.released.json beside it to be compared with: copy it.`,
    )
    process.exitCode = 1
    continue
  }
  if (readFileSync(released).equals(readFileSync(current))) continue
  await installOasdiff()
  const changes = await compareDocuments(
    readDocument(service, 'openapi.released.json'),
    readDocument(service, 'openapi.json'),
  )
  for (const [sentence, operations] of grouped(changes)) {
    console.log(`${service}: ${sentence}`)
    for (const operation of operations) console.log(`    ${operation}`)
  }
  if (changes.some(({ breaking }) => breaking)) {
    console.log(advice(service))
    process.exitCode = 1
  }
}

/** The operations that a change is found in, by what is said of it. */
function grouped(changes: ApiChange[]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { operation, what, breaking } of changes) {
    const sentence = `${breaking ? 'BREAKING' : 'warning'} ${what}`
    groups.set(sentence, [...(groups.get(sentence) ?? []), operation])
  }
  return groups
}

function advice(service: string): string {
  return `
What is BREAKING makes clients of the last release fail. Keep what they use beside the new way: a new property is optional in
a request, an old one stays in a response, another behaviour gets a path of its own, and what shall go is \`deprecated\` with
an \`x-sunset\` date first. When no client can be concerned, copy services/${service}/openapi.json to
services/${service}/openapi.released.json in the same commit, and say in it and in CHANGELOG.md why.`
}
