import t from 'tap'
import { negotiateEncoding } from '#src/responses/encodings.ts'
import { entityTag, heldEncoding } from '#src/responses/entity-tags.ts'

t.test('the client chooses by its weights, and we among what it likes equally', (t) => {
  const table = [
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['gzip;q=0.5, br;q=0.5', 'br'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=0, *', 'zstd'],
    ['*', 'zstd'],
    ['*;q=0', 'identity'],
    ['identity', 'identity'],
    ['identity;q=1, gzip;q=0.5', 'identity'],
    ['identity;q=0.5, gzip;q=0.5', 'gzip'],
    ['br; q=0.8 , gzip; q=0.9', 'gzip'],
    ['deflate, compress', 'identity'],
    ['gzip;q=nonsense', 'identity'],
  ] as const
  for (const [accept, encoding] of table) {
    t.equal(negotiateEncoding(accept), encoding, String(accept))
    t.equal(negotiateEncoding(accept), encoding, `${accept}, remembered`)
  }
  t.end()
})

t.test('a tag is found in a list, weak or strong, and only whole', (t) => {
  const digest = 'a'.repeat(22)
  const gzip = entityTag(digest, 'gzip')
  const table = [
    [gzip, 'gzip'],
    [`W/${gzip}`, 'gzip'],
    [`"x", ${gzip}, "y"`, 'gzip'],
    [entityTag(digest, 'identity'), 'identity'],
    ['*', 'identity'],
    ['"x"', undefined],
    [`"x${digest}"`, undefined],
    [`"${digest}-deflate"`, undefined],
    [`"${digest}`, undefined],
    ['', undefined],
  ] as const
  for (const [header, encoding] of table) t.equal(heldEncoding(header, digest), encoding, header)
  t.end()
})
