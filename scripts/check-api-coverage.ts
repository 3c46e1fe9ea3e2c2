import { readApiCalls } from './openapi/api-calls.ts'
import { coverageGaps } from './openapi/api-coverage.ts'
import { readDocument, servicesWith, withResponses } from './openapi/documents.ts'

// Fails when the last run of all tests left something of an API untried, or saw something that it does not document.
const calls = readApiCalls()
const documents = new Map(
  servicesWith('openapi.json').map((name) => [name, withResponses(readDocument(name, 'openapi.json'))]),
)
const gaps = coverageGaps(documents, calls)
for (const gap of gaps) console.log(gap)
if (calls.length === 0) console.log('no calls were recorded: run `make test` first')
if (gaps.length > 0) process.exitCode = 1
else console.log(`${calls.length} kinds of answers cover ${[...documents.keys()].join(' and ')}`)
