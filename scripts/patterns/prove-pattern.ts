import type { PatternPlace } from './pattern-place.ts'

// Read when recheck is loaded: its analysis in JavaScript, and no other process.
Object.assign(process.env, { RECHECK_BACKEND: 'pure' })
const { checkSync } = await import('recheck')

/** The hardest pattern takes some seconds; a busy machine must not turn that into a failure. */
const timeoutMs = 600_000

/**
 * Undefined when a regular expression is proved to match in linear time, otherwise why it is not. What recheck only failed
 * to attack, without a proof, does not pass.
 */
export function provePattern({ source, flags }: Pick<PatternPlace, 'source' | 'flags'>): string | undefined {
  const result = checkSync(source, flags, { timeout: timeoutMs, checker: 'automaton' })
  if (result.status === 'safe') return undefined
  if (result.status === 'unknown') return `cannot be proved to be linear (${result.error.kind})`
  return `is not linear: ${result.complexity.summary}, as for ${result.attack.pattern}`
}
