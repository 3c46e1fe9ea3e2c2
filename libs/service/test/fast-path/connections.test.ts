import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import type { FastPathAnswer } from '#src/index.ts'
import { answer, isRequest, listening, target } from './menu-service.ts'

/** All that comes back on one connection, until so many answers have begun and nothing more arrives. */
async function converse(port: number, requests: string, answers: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  let text = ''
  let grownAt = performance.now()
  socket.on('data', (chunk) => {
    text += String(chunk)
    grownAt = performance.now()
  })
  socket.write(requests)
  while (text.split('HTTP/1.1 ').length - 1 < answers || performance.now() - grownAt < 50) await wait(10)
  socket.destroy()
  return text
}

const namesIn = (lines: string[]) =>
  lines.filter((line) => line.includes(': ')).map((line) => line.slice(0, line.indexOf(':')).toLowerCase())

t.test('on the wire it is what Node itself makes of a head', async (t) => {
  const { state, port } = await listening(t)
  const unchanged: FastPathAnswer = { target, status: 304, head: ['etag', '"1"'] }
  const request = 'GET /menu HTTP/1.1\r\nhost: canteen\r\n\r\n'
  const lines = async (answers: number) => (await converse(port, request, answers)).split('\r\n')
  const [start, ...rest] = await lines(1)
  t.equal(start, 'HTTP/1.1 200 OK')
  t.equal(rest.at(-1), '{"ready":true}')
  state.ready = false
  const [, ...usual] = await lines(1)
  state.ready = true
  t.same(namesIn(rest).toSorted(), namesIn(usual).toSorted())
  for (const line of usual.filter((line) => /^(connection|keep-alive):/i.test(line)))
    t.ok(rest.includes(line), line)
  // A second may begin between the two.
  const dateOf = (lines: string[]) => lines.find((line) => line.startsWith('Date: '))?.slice(6) ?? ''
  const [date, usualDate] = [dateOf(rest), dateOf(usual)]
  t.equal(new Date(Date.parse(date)).toUTCString(), date, 'written as Node writes it')
  t.ok(Date.parse(usualDate) - Date.parse(date) <= 60_000 && Date.parse(date) <= Date.parse(usualDate))
  state.answer = unchanged
  const [unchangedStart, ...unchangedRest] = await lines(1)
  t.equal(unchangedStart, 'HTTP/1.1 304 Not Modified')
  t.ok(unchangedRest.includes('etag: "1"'))
  t.same(unchangedRest.slice(-2), ['', ''], 'without a body')
})

t.test('requests in a row get their answers in a row', async (t) => {
  const { state, port } = await listening(t)
  const asked = (id: string) => `GET /menu HTTP/1.1\r\nhost: canteen\r\nx-request-id: ${id}\r\n\r\n`
  const ids = Array.from({ length: 20 }, (_, index) => `request-${index}`)
  for (const found of [answer, Promise.resolve(answer)]) {
    state.answer = found
    const text = await converse(port, ids.map(asked).join(''), ids.length)
    t.same(
      [...text.matchAll(/x-request-id: (\S+)/g)].map(([, id]) => id),
      ids,
    )
    t.equal(text.split('{"ready":true}').length - 1, ids.length)
  }
})

t.test('a client that does not wait for it harms nobody', async (t) => {
  const { state, port, ask, lines } = await listening(t)
  for (const found of [answer, undefined]) {
    lines.length = 0
    state.answer = wait(50).then(() => found)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /menu HTTP/1.1\r\nhost: canteen\r\n\r\n')
    await wait(20)
    socket.destroy()
    while (!lines.some(isRequest)) await wait(10)
    t.match(lines.filter(isRequest), [{ status: 499, path: '/menu' }])
    state.answer = answer
    t.equal((await ask()).text, '{"ready":true}')
  }
})
