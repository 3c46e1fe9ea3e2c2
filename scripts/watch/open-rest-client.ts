import { createRestClient, type RestClient } from '../../libs/client/src/rest/index.ts'

/** The REST API as a person of this terminal uses it: when nothing answers, the error says what to do. */
export function openRestClient(apiUrl: string): RestClient {
  return createRestClient({
    apiUrl,
    fetch: (request, init) =>
      fetch(request, init).catch((cause: unknown) => {
        throw new Error(`Nothing answers at ${apiUrl}: run \`make up\` first.`, { cause })
      }),
  })
}
