import type { FuzzedService } from './fleet.ts'
import type { FuzzRole } from './scene.ts'

/** How often each answer came, by `operationId`. */
export type Counts = Record<string, Record<string, number>>

/** A check that failed, with one request that shows it. */
export interface FuzzFailure {
  operation: string
  check: string
  message: string
  /** Repeats the request. */
  curl: string
  count: number
}

/** Who calls in one run: a role, or for each operation whoever just may call it. */
export type FuzzCaller = FuzzRole | 'entitled'

/** What `hooks.py` wrote about one run, and how schemathesis ended. */
export interface FuzzOutcome {
  caller: FuzzCaller
  /** Whose document was fuzzed. */
  service: FuzzedService
  /** By status. */
  answers: Counts
  /** Problems, by status and code. */
  codes: Counts
  /** Examples that should have succeeded, by the code of the problem that they were answered instead, or their status. */
  examples: Counts
  failures: FuzzFailure[]
  /** Whether schemathesis itself had nothing to say. */
  succeeded: boolean
  /** The file with what it said. */
  log: string
}
