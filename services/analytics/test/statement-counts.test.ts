import { randomUUID } from 'node:crypto'
import t from 'tap'
import { startTestApp } from './app.ts'
import { day, openBusyKitchen } from './busy-day.ts'
import { paths, reportPaths } from './operations.ts'

const { call, as, owner, rollUp, statements } = await startTestApp(t)
const { cafeteriaId } = await openBusyKitchen(owner)
await rollUp()
const headers = as({ userId: randomUUID(), role: 'admin' })

t.test('every question takes one statement, whatever it is compared with', async (t) => {
  for (const [operation, path] of Object.entries(paths(cafeteriaId)))
    for (const query of [
      '',
      `from=2026-11-01&to=${day}`,
      `from=${day}&to=${day}&compare=previous,lastWeek`,
    ]) {
      const url = [path, query].filter(Boolean).join(path.includes('?') ? '&' : '?')
      statements.length = 0
      const { status, body } = await call({ url, headers })
      t.match(
        { status, statements: statements.length },
        { status: 200, statements: 1 },
        `${operation} ${query}`,
      )
      t.equal(typeof (body.asOf ?? null), 'string')
    }
})

t.test(
  'a report takes one statement about the cafeteria and one for its rows, as JSON and as a file',
  async (t) => {
    for (const [operation, path] of Object.entries(reportPaths(cafeteriaId)))
      for (const format of operation === 'exportOrders' ? [''] : ['&format=json', '&format=csv']) {
        statements.length = 0
        t.equal((await call({ url: path + format, headers })).status, 200, operation + format)
        // The page of orders depends on the time zone of its session, in which a moment is not written as elsewhere.
        t.equal(statements.length, operation === 'exportOrders' ? 3 : 2)
      }
  },
)
