import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { Type } from 'typebox'
import { clientSignal } from '#src/index.ts'
import { route, testService } from '../support.ts'

t.test('the signal of a client is aborted when it leaves, and not while it waits', async (t) => {
  const { app } = await testService(t)
  const signals: AbortSignal[] = []
  let release = () => {}
  const schema = { ...route('Wait'), body: Type.Object({}) }
  app.post('/wait', { config: { access: 'public' }, schema }, async (_request, reply) => {
    signals.push(clientSignal(reply))
    await new Promise<void>((resolve) => (release = resolve))
    return {}
  })
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const send = () => {
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(
      'POST /wait HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
    )
    return socket
  }

  const patient = send()
  while (signals.length < 1) await wait(5)
  await wait(50)
  t.notOk(signals[0]?.aborted, 'its body was read, and it waits')
  release()
  t.match(String((await once(patient, 'data'))[0]), /^HTTP\/1\.1 200/)
  t.notOk(signals[0]?.aborted)
  patient.destroy()

  const hasty = send()
  while (signals.length < 2) await wait(5)
  hasty.destroy()
  if (!signals[1]?.aborted) await once(signals[1] as AbortSignal, 'abort')
  t.ok(signals[1]?.aborted)
  release()
})

t.test('the signal of a client that has left already is aborted from the start', async (t) => {
  const { app } = await testService(t)
  const signal = Promise.withResolvers<AbortSignal>()
  let arrived = false
  app.get('/late', { config: { access: 'public' }, schema: route('Late') }, async (_request, reply) => {
    arrived = true
    await once(reply.raw, 'close')
    signal.resolve(clientSignal(reply))
    return {}
  })
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), '127.0.0.1')
  socket.write('GET /late HTTP/1.1\r\nhost: x\r\n\r\n')
  while (!arrived) await wait(5)
  socket.destroy()
  t.ok((await signal.promise).aborted)
})

t.test(
  'the signal of a client that has its answer is not aborted, and is the same for all who ask',
  async (t) => {
    const { app } = await testService(t)
    const after = Promise.withResolvers<AbortSignal>()
    const same = Promise.withResolvers<boolean>()
    app.get(
      '/answered',
      { config: { access: 'public' }, schema: route('Answered') },
      async (_request, reply) => {
        reply.raw.once('close', () => after.resolve(clientSignal(reply)))
        return {}
      },
    )
    app.get('/twice', { config: { access: 'public' }, schema: route('Twice') }, async (_request, reply) => {
      same.resolve(clientSignal(reply) === clientSignal(reply))
      return {}
    })
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    t.equal((await fetch(`${address}/answered`)).status, 200)
    t.notOk((await after.promise).aborted)
    t.equal((await fetch(`${address}/twice`)).status, 200)
    t.ok(await same.promise)
  },
)
