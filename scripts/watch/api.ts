/** The REST API as a person of this terminal uses it. */
export interface Api {
  url: string
  /** @throws Error with one sentence when it does not answer, or not with what was asked for */
  get: <Body>(path: string, token?: string) => Promise<Body>
  post: <Body>(path: string, body: object) => Promise<Body>
}

const answerMilliseconds = 5000

export function createApi(url: string): Api {
  async function call<Body>(path: string, init: RequestInit): Promise<Body> {
    const response = await fetch(url + path, {
      ...init,
      signal: AbortSignal.timeout(answerMilliseconds),
    }).catch((cause: unknown) => {
      throw new Error(`Nothing answers at ${url}: run \`make up\` first.`, { cause })
    })
    const body = (await response.json()) as Body & { title?: string }
    if (!response.ok) throw new Error(`${path}: ${response.status} ${body.title ?? ''}`)
    return body
  }
  return {
    url,
    get: (path, token) =>
      call(path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    post: (path, body) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}
