import type { Codec } from '../codec.ts'
import { compress, type Encoding, leastCompressed } from './encodings.ts'
import { digestOf, entityTag } from './entity-tags.ts'

/** A body as one client may get it, with the headers that belong to it as one flat list. */
export interface Form {
  readonly body: Buffer
  readonly head: readonly string[]
}

/** An answer of a route: always 200. */
export interface CachedResponse {
  readonly contentType: string
  readonly body: Buffer
  readonly digest: string
  /** Whether there is nothing in it; only known where it was loaded. */
  readonly empty: boolean
  /** The forms by encoding, each made when it is first asked for. */
  readonly forms: Partial<Record<Encoding, Form | Promise<Form>>>
  readonly unchanged: Partial<Record<Encoding, readonly string[]>>
}

/** A response with no form made yet. */
export function createResponse(contentType: string, body: Buffer, empty: boolean): CachedResponse {
  return { contentType, body, digest: digestOf(body), empty, forms: {}, unchanged: {} }
}

/** Writes the length of the content type, the content type, digest, body. The compressed forms are made in every process that needs them. */
export const responseCodec: Codec<CachedResponse> = {
  encode({ contentType, digest, body }) {
    const head = Buffer.from(`${String.fromCharCode(contentType.length)}${contentType}${digest}`, 'latin1')
    return Buffer.concat([head, body])
  },
  decode(bytes) {
    const typeEnd = 1 + bytes.readUInt8(0)
    const bodyStart = typeEnd + 22
    return {
      contentType: bytes.toString('latin1', 1, typeEnd),
      digest: bytes.toString('latin1', typeEnd, bodyStart),
      body: bytes.subarray(bodyStart),
      empty: false,
      forms: {},
      unchanged: {},
    }
  },
  isEmpty: ({ empty }) => empty,
  weigh: (bytes) => bytes + 200,
}

/**
 * The form in an encoding; a promise the first time, while it is compressed. `grew` is called with the bytes that this took.
 * Rejects when compressing fails; the next call then tries again.
 */
export function formOf(
  response: CachedResponse,
  encoding: Encoding,
  grew: (bytes: number) => void,
): Form | Promise<Form> {
  const chosen = response.body.length < leastCompressed ? 'identity' : encoding
  return (response.forms[chosen] ??= makeForm(response, chosen, grew))
}

function makeForm(
  response: CachedResponse,
  encoding: Encoding,
  grew: (bytes: number) => void,
): Form | Promise<Form> {
  if (encoding === 'identity') return describeForm(response, encoding, response.body)
  const compressing = compress(response.body, encoding).then((body) => {
    const form = describeForm(response, encoding, body)
    response.forms[encoding] = form
    grew(body.length)
    return form
  })
  // A failure is not kept: the next call tries again.
  compressing.catch(() => delete response.forms[encoding])
  return compressing
}

function describeForm({ contentType, digest }: CachedResponse, encoding: Encoding, body: Buffer): Form {
  const coding = encoding === 'identity' ? [] : ['content-encoding', encoding]
  const length = String(body.length)
  const tag = entityTag(digest, encoding)
  const head = ['content-type', contentType, 'content-length', length, ...coding, 'etag', tag]
  return { body, head }
}

/** The headers of a 304: those that its 200 would have had, without what describes a body (RFC 9110, 15.4.5). */
export function unchangedHead(response: CachedResponse, encoding: Encoding): readonly string[] {
  return (response.unchanged[encoding] ??= ['etag', entityTag(response.digest, encoding)])
}
