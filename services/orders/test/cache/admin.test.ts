import t from 'tap'
import { startProcesses, until } from './processes.ts'

const { here, there, db, campus, as } = await startProcesses(t)
const url = `/v1/cafeterias/${campus.cafeteria.id}/menu`
const admin = as(campus.admin.caller)
const name = async ({ call }: typeof here) => (await call({ url })).body.name
const invalidate = (payload: object) =>
  here.call({ method: 'POST', url: '/v1/admin/cache/invalidations', headers: admin, payload })

t.test('an administrator sees what the cache of the process does', async (t) => {
  for (let time = 0; time < 4; time += 1) await here.call({ url })
  const { status, body } = await here.call({ url: '/v1/admin/cache', headers: admin })
  t.equal(status, 200)
  t.match(body, {
    enabled: true,
    memory: { hits: 3, misses: 1, hitRate: 0.75, entries: 1, averageBytes: Number },
    loads: 1,
    evictions: 0,
    invalidations: { tag: 0, key: 0, pattern: 0 },
    coherent: true,
    prefixes: [{ prefix: 'getMenu', memory: { hits: 3 }, loads: 1, entries: 1 }],
  })
  const text = await here.app.meter.registry.metrics()
  t.match(text, /^cache_hits_total\{cache_key_prefix="getMenu",layer="memory"\} 3$/m)
  t.match(text, /^cache_misses_total\{cache_key_prefix="getMenu",layer="memory"\} 1$/m)
})

t.test(
  'what was changed behind the API is invalidated on demand, everywhere, and it is recorded',
  async (t) => {
    for (const [count, payload] of [
      { tags: [`catalogue:${campus.cafeteria.id}`] },
      { keys: [`getMenu:${campus.cafeteria.id}`] },
      { pattern: 'getMenu:*' },
      { tags: ['settings'], pattern: '*' },
    ].entries()) {
      const before = await name(here)
      t.equal(await name(there), before)
      const renamed = `Renamed ${count}`
      await db
        .updateTable('cafeterias')
        .set({ name: renamed })
        .where('id', '=', campus.cafeteria.id)
        .execute()
      t.equal(await name(here), before, 'nothing was invalidated')
      const { status, body } = await invalidate(payload)
      t.equal(status, 200)
      if (payload.pattern !== undefined) t.ok(body.removed > 0)
      t.equal(await name(here), renamed)
      await until(async () => (await name(there)) === renamed)
      const entries = db.selectFrom('auditLog').select(['actorId', 'action', 'before', 'after'])
      t.match((await entries.where('subjectType', '=', 'cache').execute()).at(-1), {
        actorId: campus.admin.id,
        action: 'cache.invalidate',
        before: null,
        after: payload,
      })
    }
    t.equal((await invalidate({})).status, 400)
    t.equal((await invalidate({ pattern: '*a*a*a*a*a*a*a*' })).status, 200)
    t.match(await invalidate({ pattern: '*a*a*a*a*a*a*a*a*' }), {
      status: 400,
      body: { errors: [{ field: 'pattern' }] },
    })
  },
)
