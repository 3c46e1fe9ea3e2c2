/** Work that is repeated for as long as the worker runs. Any number of workers may run the same job at the same time. */
export interface Job {
  /** Its name in kebab-case, the label of its metrics. */
  name: string
  /** The usual pause between two runs. */
  everySeconds: number
  /** Waits until the next run instead of that pause, unless the last one failed. Ends early when the signal aborts. */
  wait?: (signal: AbortSignal) => Promise<void>
  /**
   * Does one bounded batch. Resolves to whether more is waiting; then the next batch follows without a pause. When the signal aborts,
   * it begins nothing new.
   */
  run: (signal: AbortSignal) => Promise<boolean>
}
