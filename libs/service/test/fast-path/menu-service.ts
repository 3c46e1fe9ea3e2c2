import { Agent, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createAccessTokens } from '@comanda/access'
import type { Test } from 'tap'
import type { FastPathAnswer, FastPathLookup, ServiceOptions } from '#src/index.ts'
import { type LogLine, route, testService } from '../support.ts'

const body = Buffer.from('{"ready":true}')
const head = ['content-type', 'application/json; charset=utf-8', 'content-length', String(body.length)]
export const counts = { memoryHits: 0 }
export const target = {
  url: '/menu',
  route: '/menu',
  limit: 'publicRead',
  headers: ['vary', 'accept-encoding', 'cache-control', 'no-store'],
} as const
export const answer: FastPathAnswer = { target, status: 200, head, body, counts }
export const tokens = createAccessTokens({ secret: 'a-secret-of-the-test' })

/** A listening service whose `/menu` is answered by a handler, or, when `ready` says so, without one. */
export async function listening(
  t: Test,
  env: Record<string, string> = {},
  options: Partial<ServiceOptions> = {},
) {
  const service = await testService(t, { ...options, env, authenticate: (token) => tokens.verify(token) })
  const { app } = service
  const state = { ready: true, asked: 0, answer: answer as ReturnType<FastPathLookup>, delayMs: 0 }
  app.get('/menu', { config: { access: 'public' }, schema: route('Menu') }, async (_request, reply) => {
    if (state.delayMs > 0) await wait(state.delayMs)
    return reply.type('application/json').send('{"ready":false}')
  })
  app.fastPathLookup = ({ url }) => {
    state.asked++
    return state.ready && url?.startsWith('/menu') ? state.answer : undefined
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  return { ...service, state, port, ask: (headers = {}, method = 'GET') => ask(agent, port, method, headers) }
}

function ask(agent: Agent, port: number, method: string, headers: Record<string, string>) {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const request = send({ port, host: '127.0.0.1', path: '/menu', method, headers, agent }, (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
      })
      request.on('error', reject)
      request.end()
    },
  )
}

export const isRequest = (line: LogLine) => line.msg === 'request'
