import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'

export type Encoding = 'identity' | 'zstd' | 'br' | 'gzip'

/** Compressed encodings, the best first: of two that a client likes equally, the first. */
const preferred = ['zstd', 'br', 'gzip'] as const

/** In bytes: compressing a smaller body costs more than it saves. */
export const leastCompressed = 1024

const compressors = {
  gzip: promisify(gzip),
  br: promisify(brotliCompress),
  zstd: promisify(zstdCompress),
}

/** Compresses once per entry and process, in the thread pool; so brotli may try harder than it does for a body that is sent once. */
export async function compress(body: Buffer, encoding: Exclude<Encoding, 'identity'>): Promise<Buffer> {
  if (encoding === 'gzip') return compressors.gzip(body, { level: 6 })
  if (encoding === 'zstd') return compressors.zstd(body)
  return compressors.br(body, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 6,
      [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    },
  })
}

const mostRemembered = 500
const remembered = new Map<string, Encoding>()

/** The encoding that an `accept-encoding` asks for (RFC 9110, 12.5.3). Clients send few different ones, so each is read once. */
export function negotiateEncoding(accept: string | undefined): Encoding {
  if (accept === undefined || accept === '') return 'identity'
  const known = remembered.get(accept)
  if (known !== undefined) return known
  const encoding = chooseEncoding(accept)
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(accept, encoding)
  return encoding
}

function chooseEncoding(accept: string): Encoding {
  const weights = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(
      coding === 'x-gzip' ? 'gzip' : coding,
      weight === undefined ? 1 : Number(weight.slice(2)) || 0,
    )
  }
  const others = weights.get('*') ?? 0
  let chosen: Encoding = 'identity'
  // An identity that is not named is acceptable, and the last choice.
  let best = weights.get('identity') ?? 0
  for (const encoding of preferred) {
    const weight = weights.get(encoding) ?? others
    if (weight > 0 && (weight > best || (weight === best && chosen === 'identity'))) {
      chosen = encoding
      best = weight
    }
  }
  return chosen
}
