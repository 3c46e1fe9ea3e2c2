import { type Caller, createAccessTokens } from '@comanda/access'
import type { InjectOptions } from 'fastify'
import type { Service } from '../service.ts'

/** How a test calls a service in its own process. */
export interface TestCalls {
  /** Returns a bearer header for a user; by default a customer who works nowhere. */
  as: (who: Partial<Caller> & { userId: string }) => { authorization: string }
  /** `inject` that parses the answer. */
  call: (options: InjectOptions) => Promise<TestAnswer>
}

interface TestAnswer {
  status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- A test may look into an answer without typing it: what it asserts is the type.
  body: any
  headers: Record<string, unknown>
}

/** Makes the calls of a test. @param secret the service's ACCESS_TOKEN_SECRET */
export function createTestCalls(app: Service, secret: string): TestCalls {
  const tokens = createAccessTokens({ secret })
  return {
    as: ({ userId, sessionId = userId, role = 'customer', memberships = {} }) => ({
      authorization: `Bearer ${tokens.sign({ userId, sessionId, role, memberships })}`,
    }),
    async call(options) {
      const response = await app.inject(options)
      const json = String(response.headers['content-type']).includes('json')
      const body: unknown = json ? response.json() : response.body
      return { status: response.statusCode, body, headers: response.headers }
    },
  }
}

const polls = /pg_is_in_recovery|from "sessions" where "revoked_at"|from "users" where "roles_changed_at"/

/** Whether a statement is one that every service sends from time to time, whatever it is asked: about replicas, sessions and roles. */
export function isPoll({ text }: { text: string }): boolean {
  return polls.test(text)
}
