import { createClient } from '@hey-api/openapi-ts'

/**
 * Writes the REST client that is generated from the committed document of the orders service into a folder, which it empties
 * first. It stands here because the generator must find its own version of the compiler.
 */
export async function generateRestClient(folder: string): Promise<void> {
  await createClient({
    input: `${import.meta.dirname}/../../services/orders/openapi.json`,
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
      { name: '@hey-api/client-fetch', throwOnError: true },
      '@hey-api/typescript',
      { name: '@hey-api/sdk', client: false },
    ],
  })
}
