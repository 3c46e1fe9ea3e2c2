import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { createLogger } from '#src/index.ts'
import { tidyLogFiles } from '#src/logging/tidy-log-files.ts'

t.test('lines go to the files of their kind besides standard output', async (t) => {
  const directory = join(t.testdir(), 'logs')
  const output: string[] = []
  const stream = { write: (line: string) => void output.push(line) }
  const log = await createLogger({
    name: 'orders',
    config: { LOG_LEVEL: 'info', LOG_DIRECTORY: directory },
    stream,
  })
  log.info('started')
  log.info({ status: 200 }, 'request')
  log.error({ status: 500 }, 'request')
  log.error('broken')
  const linesOf = async (kind: string) => {
    const names = (await readdir(directory)).filter((name) => name.startsWith(`orders-${kind}.`))
    t.match(names, [/^orders-\w+\.\d{4}-\d\d-\d\d\.1\.log$/])
    const text = await readFile(join(directory, names[0] as string), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).msg)
  }
  while ((await linesOf('combined')).length < 4) await wait(10)
  t.same(await linesOf('combined'), ['started', 'request', 'request', 'broken'])
  t.same(await linesOf('errors'), ['request', 'broken'])
  t.same(await linesOf('http'), ['request', 'request'])
  t.equal(output.length, 4)
})

t.test('finished files are compressed, old ones deleted, the newest and strangers left alone', async (t) => {
  const directory = t.testdir()
  await mkdir(directory, { recursive: true })
  const files = [
    'orders-http.2026-11-22.2.log',
    'orders-http.2026-11-22.10.log',
    'orders-http.2026-11-21.1.log',
    'orders-http.2026-11-01.1.log.gz',
    'orders-errors.2026-11-10.1.log',
    'orders-errors.2026-11-01.1.log',
    'worker-http.2026-01-01.1.log',
    'notes.txt',
  ]
  for (const file of files) await writeFile(join(directory, file), `content of ${file}`)
  await tidyLogFiles(directory, 'orders', { errors: 14, http: 7 }, Date.parse('2026-11-22T12:00:00Z'))
  t.same((await readdir(directory)).toSorted(), [
    'notes.txt',
    'orders-errors.2026-11-10.1.log',
    'orders-http.2026-11-21.1.log.gz',
    'orders-http.2026-11-22.10.log',
    'orders-http.2026-11-22.2.log.gz',
    'worker-http.2026-01-01.1.log',
  ])
  const packed = await readFile(join(directory, 'orders-http.2026-11-22.2.log.gz'))
  t.equal(gunzipSync(packed).toString(), 'content of orders-http.2026-11-22.2.log')
})

t.test('a number used again after a restart is added to its compressed file', async (t) => {
  const directory = t.testdir({ 'a-http.2026-11-21.1.log': 'first\n', 'a-http.2026-11-22.1.log': '' })
  const now = Date.parse('2026-11-22T12:00:00Z')
  await tidyLogFiles(directory, 'a', { http: 7 }, now)
  await writeFile(join(directory, 'a-http.2026-11-21.1.log'), 'second\n')
  await tidyLogFiles(directory, 'a', { http: 7 }, now)
  const packed = await readFile(join(directory, 'a-http.2026-11-21.1.log.gz'))
  t.equal(gunzipSync(packed).toString(), 'first\nsecond\n')
})
