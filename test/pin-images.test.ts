import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { imageReferences, pinReferences } from '../scripts/images/references.ts'
import { lookUpDigest } from '../scripts/images/registry.ts'

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')
const digest = (character: string) => `sha256:${character.repeat(64)}`

t.test(
  'every image of the Dockerfile and of compose.yaml is found, with a tag that says which',
  async (t) => {
    const found = [...imageReferences(read('Dockerfile')), ...imageReferences(read('compose.yaml'))]
    const named = `${read('Dockerfile')}${read('compose.yaml')}`.matchAll(
      /(?:docker\.io|gcr\.io|ghcr\.io|quay\.io)\//g,
    )
    t.equal(found.length, [...named].length)
    t.ok(found.length >= 8)
    for (const { repository, tag } of found) t.not(tag, 'latest', repository)
  },
)

t.test('a digest is written behind each tag, and renewed', async (t) => {
  const dockerfile = 'ARG BASE_IMAGE=gcr.io/a/b:1\nFROM ${BASE_IMAGE} AS x\n'
  const once = await pinReferences(dockerfile, async () => digest('a'))
  t.equal(once, `ARG BASE_IMAGE=gcr.io/a/b:1@${digest('a')}\nFROM \${BASE_IMAGE} AS x\n`)
  t.equal(await pinReferences(once, async () => digest('b')), once.replaceAll(digest('a'), digest('b')))
  const compose =
    '  x:\n    image: docker.io/a/b:1\n  y:\n    image: docker.io/a/b:1.5\n    image: comanda-development\n'
  t.equal(
    await pinReferences(compose, async ({ tag }) => digest(tag === '1' ? '1' : '5')),
    `  x:\n    image: docker.io/a/b:1@${digest('1')}\n  y:\n    image: docker.io/a/b:1.5@${digest('5')}\n    image: comanda-development\n`,
  )
})

t.test('a registry is asked as it wants: for a token, and then for the digest', async (t) => {
  const asked: string[] = []
  const server = createServer(({ method, url = '', headers }, response) => {
    asked.push(`${method} ${url}`)
    if (url.startsWith('/token')) return response.end(JSON.stringify({ token: 'anybody' }))
    if (headers.authorization !== 'Bearer anybody') {
      const { port } = server.address() as AddressInfo
      const challenge = `Bearer realm="http://127.0.0.1:${port}/token",service="here",scope="repository:a/b:pull"`
      return response.writeHead(401, { 'www-authenticate': challenge }).end()
    }
    if (url.endsWith('/gone')) return response.writeHead(404).end()
    return response.setHeader('docker-content-digest', digest('c')).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const image = { registry: 'registry.example', repository: 'a/b', tag: '1', digest: null }
  t.equal(await lookUpDigest(image, address), digest('c'))
  t.same(asked, [
    'HEAD /v2/a/b/manifests/1',
    'GET /token?service=here&scope=repository%3Aa%2Fb%3Apull',
    'HEAD /v2/a/b/manifests/1',
  ])
  await t.rejects(lookUpDigest({ ...image, tag: 'gone' }, address), { message: /answers 404 for a\/b:gone/ })
})
