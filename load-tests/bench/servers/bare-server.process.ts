import type { AddressInfo } from 'node:net'
import { fastify } from 'fastify'

/**
 * The ceiling: Fastify with nothing around it. `/buffer` sends what it was given as it is, and 304 to those who have it;
 * `/object` serialises what it was given for each request.
 */
export interface BareContent {
  buffer?: string
  object?: object
}

const app = fastify()
const etag = '"bare"'
let buffer = Buffer.alloc(0)
let object: object = {}

app.get('/buffer', (request, reply) => {
  if (request.headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send()
  return reply.header('content-type', 'application/json; charset=utf-8').header('etag', etag).send(buffer)
})
app.get('/object', () => object)

process.on('message', (content: BareContent) => {
  if (content.buffer !== undefined) buffer = Buffer.from(content.buffer)
  if (content.object !== undefined) object = content.object
  process.send?.('ready')
})

await app.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ port: (app.server.address() as AddressInfo).port }))
