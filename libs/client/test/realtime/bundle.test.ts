import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'

t.test('in a browser the client is socket.io-client and less than 15 KB', async (t) => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(import.meta.dirname, '../../src/realtime/index.ts')],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    external: ['socket.io-client'],
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  t.strictSame([...new Set(imports.map(({ path }) => path))], ['socket.io-client'])
  // The statuses of an order are a pure table, which phones need too.
  const allowed = ['libs/client/src/realtime/', 'libs/ordering/src/']
  const inputs = Object.keys(metafile.inputs).filter(
    (path) => !allowed.some((folder) => path.startsWith(folder)),
  )
  t.strictSame(inputs, [], 'nothing of another package')
  const [bundle] = outputFiles
  const bytes = gzipSync(bundle?.contents ?? '').byteLength
  t.comment(`${bytes} bytes compressed`)
  t.ok(bytes > 0 && bytes < 15_000)
  t.notMatch(bundle?.text, /node:|\b(document|window|localStorage|process)\b/)
})
