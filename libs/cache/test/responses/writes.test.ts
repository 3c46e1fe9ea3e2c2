import t from 'tap'
import { ownSpace, testCache, twoCaches } from '../support.ts'
import { menus } from './menus.ts'

t.test('a write is seen by its own client at once, and by other processes', async (t) => {
  const { here, there } = await twoCaches(t)
  const table = new Map([['1', 'first']])
  const { app } = await menus(t, here, table)
  const { app: other } = await menus(t, there, table)
  t.equal((await app.inject('/menus/1')).json().name, 'first')
  t.equal((await other.inject('/menus/1')).json().name, 'first')
  for (const name of ['second', 'third']) {
    const written = await app.inject({ method: 'PUT', url: '/menus/1', payload: { name } })
    t.equal(written.statusCode, 204)
    t.equal((await app.inject('/menus/1')).json().name, name)
    while ((await other.inject('/menus/1')).json().name !== name)
      await new Promise((resolve) => void setImmediate(resolve))
  }
})

t.test('a write that fails after its commit outdates too, a refused one does not', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app, loads } = await menus(t, cache)
  await app.inject('/menus/1')
  t.equal((await app.inject({ method: 'PUT', url: '/menus/1', payload: { name: 1 } })).statusCode, 400)
  await app.inject('/menus/1')
  t.equal(loads(), 1)
  const failed = await app.inject({ method: 'PUT', url: '/menus/1', payload: { name: 'broken' } })
  t.equal(failed.statusCode, 500)
  t.equal((await app.inject('/menus/1')).json().name, 'broken')
})
