import { readFileSync } from 'node:fs'
import { createClient } from '@hey-api/openapi-ts'
import { type MergeableDocument, mergeDocuments } from './merge-documents.ts'

/** The services whose documents clients are generated from. */
const services = ['orders', 'analytics']
const documentOf = (service: string) =>
  JSON.parse(
    readFileSync(`${import.meta.dirname}/../../services/${service}/openapi.json`, 'utf8'),
  ) as MergeableDocument

/**
 * Writes the REST client that is generated from the committed documents of the services into a folder, which it empties
 * first. It stands here because the generator must find its own version of the compiler.
 */
export async function generateRestClient(folder: string): Promise<void> {
  await createClient({
    input: { ...mergeDocuments(services.map(documentOf)) },
    output: {
      path: folder,
      clean: true,
      module: { extension: '.ts' },
      header: ({ defaultValue }) => [
        ...defaultValue,
        '// @ts-nocheck It is not written for exactOptionalPropertyTypes; whoever calls it is checked.',
      ],
    },
    logs: { level: 'silent', file: false },
    plugins: [
      { name: '@hey-api/client-fetch', throwOnError: true, baseUrl: false },
      '@hey-api/typescript',
      { name: '@hey-api/sdk', client: false },
    ],
  })
}
