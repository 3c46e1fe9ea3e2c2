import { monitorEventLoopDelay } from 'node:perf_hooks'
import t from 'tap'
import { startTestApp } from '../app.ts'

const { app } = await startTestApp(t, { BODY_LIMIT_BYTES: '1000000' })
const address = await app.listen({ port: 0 })

t.test('a registration whose name is endless and bad at its end stops nobody', async (t) => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  for (const letters of [90, 40_000, 400_000]) {
    delay.enable()
    const response = await fetch(`${address}/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: 'ana@comanda.test',
        password: 'a long password',
        name: `${'a'.repeat(letters)}\u0007`,
      }),
    })
    delay.disable()
    t.equal(response.status, 400)
    t.match(await response.json(), { errors: [{ field: 'name' }] })
    const stalledMs = delay.max / 1e6
    t.ok(stalledMs < 1_000, `the process stood still for ${stalledMs} ms at ${letters} letters`)
    delay.reset()
  }
})
