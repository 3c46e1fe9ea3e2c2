import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Gives back what starting has left behind, about as much as stays. V8 lets the heap grow to a multiple of what it held
 * after the last full collection, which under load does not come by itself for a long time. Stops everything for 0.1 s.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

/**
 * V8 forgets the code of functions that were not called for a few collections, and an idle process collects: after ten quiet seconds
 * an answer from Redis took half as long again, for several seconds. All that code is some 3 MB.
 */
export function keepCompiledCode(): void {
  setFlagsFromString('--no-flush-bytecode')
}
