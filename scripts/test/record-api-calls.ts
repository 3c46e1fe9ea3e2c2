import { join, relative, sep } from 'node:path'
import { recordApiCalls } from '../../libs/service/src/testing/record-api-calls.ts'
import { apiCallsDirectory } from '../openapi/api-calls.ts'

// Imported into every process of a test run (node --import), before the test file or the service that it starts.
const root = join(import.meta.dirname, '../..')
const [parent, name] = relative(root, process.argv[1] ?? '').split(sep)
recordApiCalls(apiCallsDirectory, parent === 'services' && name !== undefined ? name : null)
