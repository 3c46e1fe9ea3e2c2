import { createHash } from 'node:crypto'
import { AppError } from '@comanda/errors'
import { abortedStatus } from '../logging/request-message.ts'
import { platformErrors } from '../problems/platform.errors.ts'
import type { AttemptCounts } from './attempt-counts.ts'
import { type AttemptRuleName, type AttemptRules, attemptRules } from './attempt-rules.ts'
import { addressKey } from './limit-key.ts'
import { localAttemptCounts } from './local-attempt-counts.ts'

/** Makes whoever fails again and again wait longer each time. */
export interface Attempts {
  /**
   * Runs a login with an email address, in lower case, from a network address. It fails when `work` throws an AppError that is the
   * caller's fault: its status is below 499, which says that the client left. @throws AppError `rate_limited`; what `work` throws
   */
  login<T>(email: string, address: string, work: () => Promise<T>): Promise<T>
  /**
   * Runs a registration, whose `work` is to throw an AppError with a status below 499 when the email address has an account; that
   * counts as a failure of the network address. @throws AppError `rate_limited`; what `work` throws
   */
  registration<T>(email: string, address: string, work: () => Promise<T>): Promise<T>
}

const rememberedMs = 30 * 24 * 3_600_000
/** For this many milliseconds after Redis failed nobody waits for it again. */
const backOffMs = 1_000

type Counted = readonly [rule: AttemptRuleName, key: string]

/**
 * Attempts that are counted by `shared`, and in this process alone for a second after that failed. `onFallback` is called
 * when that begins. `rules` are those of `attemptRules` unless given.
 */
export function createAttempts({
  shared,
  onFallback,
  rules = attemptRules,
}: {
  shared: AttemptCounts | undefined
  onFallback: (error: unknown) => void
  rules?: AttemptRules
}): Attempts {
  const local = localAttemptCounts()
  let backOffUntil = 0

  async function counted<T>(work: (counts: AttemptCounts) => Promise<T>): Promise<T> {
    if (shared === undefined || performance.now() < backOffUntil) return work(local)
    try {
      return await work(shared)
    } catch (error) {
      backOffUntil = performance.now() + backOffMs
      onFallback(error)
      return work(local)
    }
  }

  async function begin(all: readonly Counted[]): Promise<void> {
    const waits = await Promise.all(
      all.map(([name, key]) => counted((counts) => counts.begin(key, rules[name]))),
    )
    const longest = Math.max(...waits)
    if (longest === 0) return
    // What was counted before another rule refused it was no attempt.
    await takeBack(all.filter((_, at) => waits[at] === 0))
    throw platformErrors.rate_limited('There were too many attempts that failed', {
      retryAfterSeconds: Math.ceil(longest / 1000),
    })
  }

  async function confirm(all: readonly Counted[]): Promise<void> {
    await Promise.all(all.map(([name, key]) => counted((counts) => counts.confirm(key, rules[name]))))
  }

  async function takeBack(all: readonly Counted[]): Promise<void> {
    await Promise.all(all.map(([, key]) => counted((counts) => counts.takeBack(key))))
  }

  async function run<T>(
    all: readonly Counted[],
    work: () => Promise<T>,
    after: () => Promise<unknown>,
  ): Promise<T> {
    await begin(all)
    try {
      const result = await work()
      await after()
      return result
    } catch (error) {
      await (isFailure(error) ? confirm(all) : takeBack(all))
      throw error
    }
  }

  return {
    async login(email, address, work) {
      const { pair, others, known } = keysOf(email, address)
      const isKnown = await counted((counts) => counts.isRemembered(known))
      const counting = isKnown ? [] : others
      return run([pair, ...counting], work, () =>
        Promise.all([
          counted((counts) => counts.forget(pair[1])),
          counted((counts) => counts.remember(known, rememberedMs)),
          takeBack(counting),
        ]),
      )
    },
    async registration(email, address, work) {
      const { known } = keysOf(email, address)
      const all: Counted[] = [['registration', `registration:${addressKey(address)}`]]
      return run(all, work, () =>
        Promise.all([takeBack(all), counted((counts) => counts.remember(known, rememberedMs))]),
      )
    },
  }
}

/**
 * Whether what was thrown is the caller's fault. It is not when the database is away or a password could not be checked, nor when the
 * client left before it was checked.
 */
function isFailure(error: unknown): boolean {
  return error instanceof AppError && error.status < abortedStatus
}

/** Accounts are hashed, because keys of Redis end up in logs and dumps. */
function keysOf(email: string, address: string) {
  const from = addressKey(address)
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url')
  const pair = hash(`${email}\n${from}`)
  const counted = {
    pair: ['pair', `pair:${pair}`],
    others: [
      ['account', `account:${hash(email)}`],
      ['address', `address:${from}`],
    ],
  } as const satisfies { pair: Counted; others: readonly Counted[] }
  return { ...counted, known: `known:${pair}` }
}

/** Attempts that nobody counts, for a service without limits. */
export const uncountedAttempts: Attempts = {
  login: (_email, _address, work) => work(),
  registration: (_email, _address, work) => work(),
}
