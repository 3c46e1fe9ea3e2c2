import { join } from 'node:path'
import t from 'tap'
import { findFolderLoops } from '../scripts/imports/folder-loops.ts'
import { readImports } from '../scripts/imports/read-imports.ts'

const imports = (...lines: string[]) =>
  lines.map((line) => {
    const [from = '', to = ''] = line.split(' > ')
    return { from, to }
  })

t.test('a loop of folders is found, whatever files it goes through', async (t) => {
  t.same(findFolderLoops(imports('orders/a.ts > payments/b.ts', 'payments/c.ts > orders/d.ts')), [
    'orders, payments: orders/a.ts imports payments/b.ts; payments/c.ts imports orders/d.ts',
  ])
  t.same(
    findFolderLoops(imports('a/1.ts > b/1.ts', 'b/2.ts > c/1.ts', 'c/2.ts > a/2.ts', 'd/1.ts > a/1.ts')),
    ['a, b, c: a/1.ts imports b/1.ts; b/2.ts imports c/1.ts; c/2.ts imports a/2.ts'],
  )
  t.equal(
    findFolderLoops(imports('a/1.ts > b/1.ts', 'b/1.ts > a/2.ts', 'c/1.ts > d/1.ts', 'd/1.ts > c/1.ts'))
      .length,
    2,
  )
})

t.test('arrows that go one way are no loop, and neither is a file beside the folders', async (t) => {
  t.same(
    findFolderLoops(imports('a/1.ts > b/1.ts', 'a/2.ts > c/1.ts', 'b/1.ts > c/2.ts', 'a/1.ts > a/2.ts')),
    [],
  )
  t.same(findFolderLoops(imports('app.ts > orders/a.ts', 'orders/a.ts > config.ts')), [])
  t.same(findFolderLoops(imports('app.ts > orders/a.ts', 'orders/a.ts > app.ts')).length, 1)
})

t.test('every way of importing a file is read', async (t) => {
  const src = t.testdir({
    'app.ts': `import './start.ts'\nimport {\n  a,\n  b,\n} from './a/a.ts'\nimport { z } from 'zod'\n`,
    a: {
      'a.ts': `export { c } from '../b/c.ts'\nexport * from '#src/b/d.ts'\nconst e = await import('../b/e.ts')\n`,
    },
    b: { 'c.ts': `import type { A } from '../a/a.ts'\nconst from = './not/this.ts'\n` },
  })
  t.same(
    readImports(src)
      .map(({ from, to }) => `${from} > ${to}`)
      .toSorted(),
    [
      'a/a.ts > b/c.ts',
      'a/a.ts > b/d.ts',
      'a/a.ts > b/e.ts',
      'app.ts > a/a.ts',
      'app.ts > start.ts',
      'b/c.ts > a/a.ts',
    ],
  )
})

t.test('the imports of this repository are read', async (t) => {
  const found = readImports(join(import.meta.dirname, '../services/orders/src'))
  t.ok(found.some(({ from, to }) => from === 'server.ts' && to === 'config.ts'))
  t.ok(found.length > 100)
})
