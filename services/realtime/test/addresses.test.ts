import t, { type Test } from 'tap'
import { connect, next, startFleet, tokenFor } from './fixture.ts'

const fleet = await startFleet(t)

/** Connects as a proxy does on behalf of the address. Resolves to whether it was admitted. */
async function come(t: Test, url: string, address: string) {
  const client = connect(t, url, tokenFor({}), { extraHeaders: { 'x-forwarded-for': address } })
  const outcome = await Promise.race([
    next(client, 'connect').then(() => 'connected'),
    next(client, 'disconnect').then(() => 'refused'),
    next(client, 'connect_error').then(() => 'refused'),
  ])
  return { client, outcome }
}

t.test('an address has so many sockets and no more, as a trusted proxy names it', async (t) => {
  const { url, metrics } = await fleet.gateway({ SOCKETS_PER_ADDRESS: '2', TRUST_PROXY: '127.0.0.1' })
  const [first, second] = [await come(t, url, '203.0.113.1'), await come(t, url, '203.0.113.1')]
  t.same([first.outcome, second.outcome], ['connected', 'connected'])
  t.equal((await come(t, url, '203.0.113.1')).outcome, 'refused')
  t.equal((await come(t, url, '203.0.113.2')).outcome, 'connected', 'another one is none of its business')
  t.match(await metrics.registry.metrics(), /^sockets_refused_total\{reason="too_many_connections"\} 1$/m)
  // Only the address that the proxy adds is believed, not those that the client has put before it.
  t.equal((await come(t, url, '198.51.100.7, 203.0.113.1')).outcome, 'refused')

  first.client.disconnect()
  for (;;) {
    const again = await come(t, url, '203.0.113.1')
    if (again.outcome === 'connected') break
  }
  t.equal((await come(t, url, '203.0.113.1')).outcome, 'refused', 'the place is given once')
})

t.test('without a trusted proxy a client cannot name its address', async (t) => {
  const { url } = await fleet.gateway({ SOCKETS_PER_ADDRESS: '2' })
  const outcomes: string[] = []
  for (const last of [1, 2, 3]) outcomes.push((await come(t, url, `203.0.113.${last}`)).outcome)
  t.same(outcomes, ['connected', 'connected', 'refused'])
})
