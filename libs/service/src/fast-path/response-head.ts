import { type ServerResponse, STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'

/** The lines of a head, each with its end, as they go over the wire. */
export type HeadText = string

/** Joins the values of several `vary` in a flat list of names and values into the first of them; the list itself is changed. */
export function joinVary(headers: string[]): string[] {
  const first = headers.indexOf('vary')
  if (first === -1) return headers
  for (let index = headers.length - 2; index > first; index -= 2) {
    if (headers[index] !== 'vary') continue
    headers[first + 1] += `, ${headers[index + 1]}`
    headers.splice(index, 2)
  }
  return headers
}

/**
 * The lines of a flat list of names and values.
 * @throws TypeError for what may not be in a head
 */
export function headText(names: readonly string[]): HeadText {
  let text = ''
  for (let index = 0; index < names.length; index += 2) {
    const [name, value] = [names[index] as string, names[index + 1] as string]
    validateHeaderName(name)
    validateHeaderValue(name, value)
    text += `${name}: ${value}\r\n`
  }
  return text
}

/** The first line of an answer with this status. */
export const statusLine = (status: number): HeadText => `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`

/** Makes the lines that end a head: `date`, and that the connection stays open. */
export function connectionHead(keepAliveTimeoutMs: number): () => HeadText {
  const stay = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveTimeoutMs / 1000)}\r\n\r\n`
  let second = 0
  let text = ''
  return () => {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) text = `Date: ${new Date(now * 1000).toUTCString()}\r\n${stay}`
    second = now
    return text
  }
}

interface HeadOfResponse {
  _header: HeadText
  _hasBody: boolean
}

/**
 * Ends a response with a head that is text already. `writeHead` checks each header anew, and a fifth of the time of an answer was that
 * (ADR 13). It uses what Node keeps the head in, `_header`, for which there is no public way; the tests compare what then
 * comes over the wire with what `writeHead` makes.
 */
export function endWithHead(
  response: ServerResponse,
  status: number,
  head: HeadText,
  body: Buffer | undefined,
): void {
  const raw = response as unknown as HeadOfResponse
  response.statusCode = status
  raw._header = head
  raw._hasBody = body !== undefined
  response.end(body)
}
