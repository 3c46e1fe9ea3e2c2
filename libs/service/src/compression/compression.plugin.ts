import compress from '@fastify/compress'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Compresses answers for clients that want it. Every answer says that it depends on that, also one that is not compressed: a shared
 * cache that keeps such an answer would otherwise give it to whoever asks (RFC 9110, 12.5.5).
 */
async function compression(app: FastifyInstance) {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('vary', varyOf(reply))
    done()
  })
  await app.register(compress, {
    encodings: ['zstd', 'br', 'gzip'],
    threshold: 1024,
    zlibOptions: { level: 6 },
    globalDecompression: false,
  })
}

/** What else the answer depends on, for which CORS has set the header, comes first. */
function varyOf(reply: FastifyReply): string {
  const others = reply.getHeader('vary')
  return others === undefined ? 'accept-encoding' : `${String(others)}, accept-encoding`
}

export const compressionPlugin = fp(compression, { fastify: '5.x', name: 'comanda-compression' })
