import t from 'tap'
import { createRefreshToken, hashPassword, hashRefreshToken, verifyPassword } from '#src/index.ts'

t.test('a password is kept as Argon2id with the OWASP parameters and a salt of its own', async (t) => {
  const [first, second] = await Promise.all([hashPassword('comanda-demo'), hashPassword('comanda-demo')])
  t.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  t.not(first, second)
  t.equal(await verifyPassword('comanda-demo', first), true)
  t.equal(await verifyPassword('comanda-Demo', first), false)
})

t.test('a hash made elsewhere, with other parameters, is understood', async (t) => {
  // The reference implementation's own test: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  t.equal(await verifyPassword('password', reference), true)
  t.equal(await verifyPassword('Password', reference), false)
})

t.test('the same characters are the same password, however they were typed', async (t) => {
  const composed = await hashPassword('contraseña-del-café')
  t.equal(await verifyPassword('contraseña-del-café'.normalize('NFD'), composed), true)
})

t.test('an account that does not exist has no password', async (t) => {
  t.equal(await verifyPassword('', null), false)
  t.equal(await verifyPassword('comanda-demo', null), false)
})

t.test('a stored value that is not an Argon2id hash is an error, not a wrong password', async (t) => {
  for (const stored of [
    '',
    'comanda-demo',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA',
  ])
    await t.rejects(verifyPassword('comanda-demo', stored), /not an Argon2id hash/)
})

t.test('a refresh token is 256 random bits, and its hash can be found again', async (t) => {
  const { token, hash } = createRefreshToken()
  t.match(token, /^[\w-]{43}$/)
  t.equal(hash.length, 32)
  t.same(hashRefreshToken(token), hash)
  t.not(createRefreshToken().token, token)
})
