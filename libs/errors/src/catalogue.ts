import { AppError, type AppErrorOptions } from './app-error.ts'

export interface ErrorDescription {
  code: string
  /** HTTP status, 400 to 599. */
  status: number
  title: string
}

type ErrorFactory = (detail?: string, options?: AppErrorOptions) => AppError
type Definitions = Record<string, { status: number; title: string }>

/** Every code of the process, so that a service can document what its routes throw. */
const known = new Map<string, ErrorDescription>()

/**
 * Declares the coded errors of one feature and returns a function per code that makes (does not throw) the error.
 * `detail` defaults to the title. Throws when a code is not snake_case, not a 4xx or 5xx, or declared twice in the
 * process, because a code with two meanings cannot be documented.
 */
export function defineErrors<const D extends Definitions>(
  definitions: D,
): { readonly [Code in keyof D]: ErrorFactory } {
  const entries = Object.entries(definitions).map(([code, { status, title }]) => {
    if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(code)) throw new Error(`error code "${code}" is not snake_case`)
    if (!(status >= 400 && status <= 599)) throw new Error(`error code "${code}" has the status ${status}`)
    if (known.has(code)) throw new Error(`error code "${code}" is already defined`)
    return { code, status, title }
  })
  const catalogue: Record<string, ErrorFactory> = {}
  for (const entry of entries) {
    known.set(entry.code, Object.freeze(entry))
    catalogue[entry.code] = (detail = entry.title, options) => new AppError(entry, detail, options)
  }
  return Object.freeze(catalogue) as { readonly [Code in keyof D]: ErrorFactory }
}

/** The declaration of a code, or undefined when no loaded feature declares it. */
export function describeError(code: string): ErrorDescription | undefined {
  return known.get(code)
}
