import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { requestLine } from '#src/fast-path/request-line.ts'
import { createLogger, plainLog } from '#src/logging/logger.ts'
import { type LoggedRequest, requestFacts } from '#src/logging/request-facts.ts'
import { requestMessage } from '#src/logging/request-message.ts'

const usual = {
  id: 'f0b8c2a0-1111-4222-8333-444455556666',
  headers: {},
  method: 'GET',
  url: '/v1/menu?token=not-logged',
  route: '/v1/menu',
  user: null,
  address: '127.0.0.1',
} satisfies LoggedRequest
const slow = { warnMs: 500, errorMs: 3000 }
const heapNow = () => 5_000_000
const measured = { waited: 7, heapAtStart: 4_000_000 }
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

async function logTo(lines: string[], level: string) {
  const stream = { write: (line: string) => void lines.push(line) }
  return createLogger({ name: 'a "service"', config: { LOG_LEVEL: level }, stream })
}

t.test('a line is byte for byte the one that pino makes', async (t) => {
  const lines: string[] = []
  const log = await logTo(lines, 'info')
  const { prepare, write } = requestLine(log, slow, heapNow)
  const requests = [
    usual,
    { ...usual, headers: { traceparent }, user: '01a22031-1e55-734e-8c39-7db852e72ae1' },
    // Proxies may say what they like.
    { ...usual, url: '/v1/"menu"\\', address: 'un"known\\\n', user: '\u2028 ñ 🌶' },
    { ...usual, route: '/v1/"menu"' },
    { ...usual, route: null },
  ]
  for (const request of requests) {
    for (const durationMs of [0, 0.04, 0.26, 12.34]) {
      lines.length = 0
      write(prepare(request), { ...request, status: 200, durationMs, ...measured })
      const facts = { ...requestFacts(request), status: 200, durationMs: Math.round(durationMs * 10) / 10 }
      plainLog(log).info(facts, requestMessage)
      const [ours, theirs] = lines.map((line) => line.replace(/"time":"[^"]+Z"/, '"time":""'))
      t.equal(ours, theirs)
    }
  }
})

t.test('a level above info leaves it out', async (t) => {
  const lines: string[] = []
  const { prepare, write } = requestLine(await logTo(lines, 'warn'), slow, heapNow)
  write(prepare(usual), { ...usual, status: 200, durationMs: 1, ...measured })
  t.strictSame(lines, [])
})

t.test('with files for the kinds of lines, it is in those too', async (t) => {
  const directory = t.testdir()
  const log = await createLogger({ name: 'test', config: { LOG_LEVEL: 'info', LOG_DIRECTORY: directory } })
  const { prepare, write } = requestLine(log, slow, heapNow)
  write(prepare(usual), { ...usual, status: 304, durationMs: 1, ...measured })
  let text = ''
  for (; text === ''; await wait(10)) {
    const file = (await readdir(directory)).find((name) => name.startsWith('test-http.'))
    if (file !== undefined) text = await readFile(join(directory, file), 'utf8')
  }
  t.match(JSON.parse(text), { level: 'info', route: '/v1/menu', status: 304, msg: requestMessage })
})

t.test('slow requests are warnings and errors, at every level that shows those', async (t) => {
  const lines: string[] = []
  const slowParts = { heapChangeBytes: 1_000_000, db: 0, cache: 7 }
  const { prepare, write } = requestLine(await logTo(lines, 'warn'), slow, heapNow)
  for (const durationMs of [500, 501, 3001])
    write(prepare(usual), { ...usual, status: 200, durationMs, ...measured })
  t.match(
    lines.map((line) => JSON.parse(line)),
    [
      { level: 'warn', durationMs: 501, slow: true, route: '/v1/menu', ...slowParts },
      { level: 'error', durationMs: 3001, slow: true, route: '/v1/menu', ...slowParts },
    ],
  )
  t.equal(lines.length, 2)
})
