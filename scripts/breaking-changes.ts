import { existsSync } from 'node:fs'
import { compareDocuments } from './openapi/compare-documents.ts'
import { readDocument, servicePath, servicesWith } from './openapi/documents.ts'

// Compares every service's API with that of the last release (openapi.released.json) and fails when its clients would.
for (const service of servicesWith('openapi.json')) {
  if (!existsSync(servicePath(service, 'openapi.released.json'))) {
    console.log(`${service}: not released yet, so nothing can break`)
    continue
  }
  const released = readDocument(service, 'openapi.released.json')
  for (const { operation, what, breaking } of compareDocuments(
    released,
    readDocument(service, 'openapi.json'),
  )) {
    console.log(`${service}: ${breaking ? 'BREAKING' : 'warning'} ${operation}: ${what}`)
    if (breaking) process.exitCode = 1
  }
}
