import { withJitter } from './jitter.ts'
import { createPause } from './pause.ts'

export interface LoopOptions {
  /**
   * One pass of the loop. It may resolve to the milliseconds until the next pass (0: at once); otherwise the next pass follows after
   * the interval. The signal aborts when the loop is stopped.
   */
  run: (signal: AbortSignal) => Promise<number | void>
  intervalMilliseconds: number
  /** How much longer or shorter a pause may be, as a fraction, so that processes started together do not stay in step; 0 if left out. */
  jitter?: number
  /**
   * Waits for the next pass in place of the interval after a pass that succeeded and did not say when the next one is due. It must
   * resolve when the signal aborts; `wake` does not end it.
   */
  wait?: ((signal: AbortSignal) => Promise<void>) | undefined
  /** Milliseconds to the next pass after so many failures in a row; the interval if left out. */
  backOffMilliseconds?: (failures: number) => number
  /** The least milliseconds between the end of a pass and one that `wake` asked for; 0 if left out. */
  wakeMilliseconds?: number
  /** Whether the loop alone keeps the process alive; false if left out. */
  keepsProcessAlive?: boolean
  /** Called when a pass, or `wait`, rejected; `failures` counts them since the last success, this one included. Must not throw. */
  onFailure: (error: unknown, failures: number) => void
  /** Called when a pass succeeded after one that did not. Must not throw. */
  onRecovery?: () => void
}

export interface Loop {
  /** Resolves when the first pass is over, whether or not it succeeded. */
  firstPass: Promise<void>
  /** Ends the pause, so that a pass begins now; during a pass, another one follows it. */
  wake: () => void
  /** Begins no other pass, and resolves when the one in flight is over. */
  stop: () => Promise<void>
}

/** Runs something again and again until stopped, the first time at once and never twice at the same time. */
export function startLoop(options: LoopOptions): Loop {
  const { run, intervalMilliseconds, jitter = 0, wait, backOffMilliseconds, onFailure, onRecovery } = options
  const { wakeMilliseconds = 0, keepsProcessAlive = false } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const firstPass = Promise.withResolvers<void>()
  const pause = createPause({ wakeMilliseconds, keepsProcessAlive, signal })
  let failures = 0

  async function pass(): Promise<void> {
    const next = await run(signal)
    if (failures > 0) onRecovery?.()
    failures = 0
    firstPass.resolve()
    if (next !== undefined) await pause.for(next)
    else if (wait === undefined) await pause.for(withJitter(intervalMilliseconds, jitter))
    else if (!signal.aborted) await wait(signal)
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      pause.begin()
      try {
        await pass()
      } catch (error) {
        failures += 1
        onFailure(error, failures)
        firstPass.resolve()
        await pause.for(withJitter(backOffMilliseconds?.(failures) ?? intervalMilliseconds, jitter))
      }
    }
  }

  const looping = loop()
  return {
    firstPass: firstPass.promise,
    wake: pause.wake,
    async stop() {
      stopping.abort()
      await looping
    },
  }
}
