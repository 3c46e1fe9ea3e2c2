/** Something that is to be done again and again. Any number of workers may run the same job at the same time. */
export interface Job {
  /** kebab-case; the label of its metrics. */
  name: string
  /** The usual pause between two runs. */
  everySeconds: number
  /** Waits until the next run instead of that pause, unless the last one failed. Ends early when the signal aborts. */
  wait?: (signal: AbortSignal) => Promise<void>
  /**
   * One bounded batch. Resolves to whether more is waiting, which is then done without a pause. When the signal aborts,
   * nothing new is begun.
   */
  run: (signal: AbortSignal) => Promise<boolean>
}
