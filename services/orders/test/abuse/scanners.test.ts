import type { AddressInfo } from 'node:net'
import t from 'tap'
import { startCampusApp } from '../orders/campus-app.ts'

const { app, campus, as } = await startCampusApp(t)
await app.listen({ host: '127.0.0.1', port: 0 })
const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
const menu = `${origin}/v1/cafeterias/${campus.cafeteria.id}/menu`

t.test('a program that looks for holes gets no cached menu either', async (t) => {
  for (let time = 0; time < 3; time += 1) t.equal((await fetch(menu)).status, 200)
  const refused = await fetch(menu, { headers: { 'user-agent': 'sqlmap/1.8.2#stable' } })
  t.equal(refused.status, 403)
  t.match(await refused.json(), { code: 'client_blocked' })
  t.equal((await fetch(menu)).status, 200)
})

t.test('nobody keeps what is private, cached here or not, and what is refused', async (t) => {
  const headers = as(campus.customer.caller)
  const paths = [
    '/v1/me',
    '/v1/me/summary',
    '/v1/orders',
    '/v1/wallet',
    '/v1/me/recent-orders',
    '/v1/nowhere',
  ]
  for (const path of paths)
    for (let time = 0; time < 2; time += 1) {
      const response = await fetch(`${origin}${path}`, { headers })
      t.match(response.headers.get('cache-control'), /(^|, )no-store$/, `${response.status} ${path}`)
    }
  t.equal((await fetch(menu)).headers.get('cache-control'), 'public, max-age=0, must-revalidate')
})
