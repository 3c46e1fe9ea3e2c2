import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'

/** What an application that imports these names ships to a browser. */
async function bundle(names: string) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export { ${names} } from './index.ts'`,
      resolveDir: join(import.meta.dirname, '../../src/rest'),
    },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2024',
  })
  const text = outputFiles[0]?.text ?? ''
  return { text, bytes: gzipSync(text).byteLength, metafile }
}

t.test('in a browser the client needs no other package and is less than 8 KB', async (t) => {
  const { text, bytes, metafile } = await bundle('createRestClient, ProblemError, listOrders')
  t.strictSame(
    Object.values(metafile.outputs).flatMap((output) => output.imports),
    [],
  )
  const inputs = Object.keys(metafile.inputs).filter((path) => !/^(<stdin>|libs\/client\/src\/)/.test(path))
  t.strictSame(inputs, [], 'nothing of another package')
  t.comment(`${bytes} bytes compressed`)
  t.ok(bytes > 0 && bytes < 8000)
  t.notMatch(text, /node:|\b(document|window|localStorage|process)\b/)
})

t.test('an operation that nobody imports is not in the bundle', async (t) => {
  const { text } = await bundle('createRestClient, listOrders')
  t.match(text, '/v1/orders')
  t.notMatch(text, '/v1/cafeterias')
})
