import { equal } from 'node:assert'
import { randomUUID } from 'node:crypto'
import type { SignedIn } from '#src/accounts/accounts.schema.ts'
import type { TestApp } from '../app.ts'

export const password = 'comanda-demo'

/** Opens a new account over HTTP. */
export async function registered({ call }: TestApp, more: object = {}): Promise<SignedIn> {
  const email = `${randomUUID()}@comanda.test`
  const { status, body } = await call({
    method: 'POST',
    url: '/v1/auth/register',
    body: { email, password, name: 'Ana', ...more },
  })
  equal(status, 201)
  return body as SignedIn
}

export const bearer = ({ accessToken }: SignedIn) => ({ authorization: `Bearer ${accessToken}` })
