import t from 'tap'
import { hostOf, hostUrls } from '#src/nodes/host-urls.ts'

t.test('a URL with several hosts is one URL per host, as libpq reads it', async (t) => {
  t.strictSame(hostUrls('postgres://user:p%40ss@h1:5432,h2,[::1]:5433/db?sslmode=require'), [
    'postgres://user:p%40ss@h1:5432/db?sslmode=require',
    'postgres://user:p%40ss@h2/db?sslmode=require',
    'postgres://user:p%40ss@[::1]:5433/db?sslmode=require',
  ])
  t.strictSame(hostUrls('postgresql://h1,h2'), ['postgresql://h1', 'postgresql://h2'])
})

t.test('commas elsewhere than between hosts are left alone', async (t) => {
  for (const url of ['postgres://user:a,b@h1:5432/db', 'postgres://h1/db?options=-c,x']) {
    t.strictSame(hostUrls(url), [url])
  }
})

t.test('a host is shown without user and password', async (t) => {
  t.equal(hostOf('postgres://user:secret@h1:5432/db'), 'h1:5432')
  t.equal(hostOf('postgres://h1'), 'h1')
})
