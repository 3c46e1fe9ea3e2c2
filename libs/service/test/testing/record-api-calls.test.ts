import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { Type } from 'typebox'
import { recordApiCalls } from '#src/testing/record-api-calls.ts'
import { testService } from '../support.ts'

t.test('how a service answers is written down once, whoever built it', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-calls-'))
  t.teardown(() => rm(directory, { recursive: true }))
  recordApiCalls(directory, 'orders')
  const { app } = await testService(t)
  const schema = {
    operationId: 'greet',
    summary: 'Greet',
    querystring: Type.Object({ name: Type.Optional(Type.String()) }),
  }
  app.get('/greet', { config: { access: 'public', limit: 'none' }, schema }, async () => ({ hello: true }))

  for (const url of ['/greet', '/greet?name=x', '/greet?age=1', '/nowhere']) await app.inject(url)

  const files = await readdir(directory)
  t.equal(files.length, 1, 'a file for this process')
  const lines = (await readFile(join(directory, files[0] ?? ''), 'utf8')).trim().split('\n')
  t.same(
    lines.map((line) => JSON.parse(line)),
    [
      { service: 'orders', operationId: 'greet', status: 200, code: null },
      { service: 'orders', operationId: 'greet', status: 400, code: 'validation_failed' },
      { service: 'orders', operationId: null, status: 404, code: 'route_not_found' },
    ],
  )
})
