import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import type { ProfileAnswer, ProfileRequest } from '../profiles/device.ts'

export interface HttpClient {
  /** Never rejects. The reason is what the answer says, or why there is none. */
  send: (request: ProfileRequest) => Promise<ProfileAnswer & { reason: string }>
  close: () => void
}

/** Connections to one address at a time; ports of a machine are few, and a request that waits for one counts from when it was due. */
const mostConnections = 2000
/** Longer than any service takes to give up. */
const timeoutMilliseconds = 30_000
/** As much of an answer as a sentence about it has. */
const reasonLength = 300

/**
 * Node's own client: half the processor time of fetch.
 * @param keepAlive false: a connection for every request, so that a reload of a proxy cannot close one just when it is used
 */
export function createHttpClient(url: string, { keepAlive = true } = {}): HttpClient {
  const secure = url.startsWith('https:')
  const options = { keepAlive, maxSockets: mostConnections, scheduling: 'lifo' } as const
  const agent = secure ? new SecureAgent(options) : new Agent(options)
  const begin = secure ? httpsRequest : httpRequest

  return {
    send({ method, path, token, body, headers, expected }) {
      const text = body === undefined ? null : JSON.stringify(body)
      return new Promise((resolve) => {
        const failed = (reason: string) => resolve({ status: 0, expected: false, body: null, reason })
        let call: ClientRequest
        try {
          call = begin(url + path, {
            method,
            agent,
            timeout: timeoutMilliseconds,
            headers: {
              ...(token === null ? {} : { authorization: `Bearer ${token}` }),
              ...(text === null
                ? {}
                : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
              ...headers,
            },
          })
        } catch (error) {
          return failed(String(error))
        }
        call.once('timeout', () => call.destroy(new Error(`no answer within ${timeoutMilliseconds} ms`)))
        call.once('error', (error) => failed(error.message))
        call.once('response', (response) => {
          void readText(response).then(
            (answer) => {
              const status = response.statusCode ?? 0
              const body = parse(answer)
              const reason = answer.slice(0, reasonLength)
              resolve({ status, expected: expected.includes(status), body, reason })
            },
            (error: unknown) => failed(String(error)),
          )
        })
        call.end(text ?? undefined)
      })
    },
    close: () => agent.destroy(),
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += chunk as string
  return text
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
