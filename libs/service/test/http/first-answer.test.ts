import t from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const Nullable = Type.Object({
  count: Type.Union([Type.Integer(), Type.Null()]),
  at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
})

t.test('no program is compiled for an answer, so the first one takes as long as any other', async (t) => {
  const { app } = await testService(t)
  app.addSchema({ ...Nullable, $id: 'Nullable' })
  app.post(
    '/nullable',
    {
      config: { access: 'public' },
      schema: { ...route('Nullable'), body: Nullable, response: { 200: Type.Ref('Nullable') } },
    },
    async (request) => request.body,
  )
  await app.ready()

  const compiled: string[] = []
  const { Function: original } = globalThis
  t.teardown(() => void (globalThis.Function = original))
  globalThis.Function = new Proxy(original, {
    construct(target, parts: string[]) {
      compiled.push(parts.at(-1) ?? '')
      return Reflect.construct(target, parts) as object
    },
  })
  for (const payload of [
    { count: 1, at: null },
    { count: null, at: '2026-11-30T10:00:00.000Z' },
  ]) {
    const response = await app.inject({ method: 'POST', url: '/nullable', payload })
    t.equal(response.statusCode, 200)
    t.same(response.json(), payload)
  }
  t.strictSame(compiled, [])
  Reflect.construct(globalThis.Function, ['return 1'])
  t.strictSame(compiled, ['return 1'], 'what is compiled is noticed')
})
