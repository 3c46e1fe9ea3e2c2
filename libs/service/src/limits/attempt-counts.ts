import type { AttemptRule } from './attempt-rules.ts'

/** Counts failures under a key. All times are milliseconds. */
export interface AttemptCounts {
  /**
   * Counts an attempt as failed until it is taken back, unless the key has to wait: the milliseconds then, otherwise 0. What was
   * counted before is remembered no longer for that, but at least until the wait is over.
   */
  begin(key: string, rule: AttemptRule): Promise<number>
  /** The attempt failed: its key is remembered for the time of the rule, counted from now. */
  confirm(key: string, rule: AttemptRule): Promise<void>
  /** The attempt did not fail: nobody waits for it, and what was counted before is forgotten when it would have been. */
  takeBack(key: string): Promise<void>
  /** Removes the failures of a key. */
  forget(key: string): Promise<void>
  /** Marks a key for a time, as one whose attempts succeed. */
  remember(key: string, forMs: number): Promise<void>
  isRemembered(key: string): Promise<boolean>
}
