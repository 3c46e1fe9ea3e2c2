import { startTestStack } from './migrated-template.ts'

if (process.argv[2] === 'test-stack') await startTestStack()
