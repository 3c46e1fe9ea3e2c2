import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import type { K6Script } from '../script.ts'
import { bundleScript, modulesGlobal, scriptGlobal } from './bundle.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createModules } from './modules.ts'

export interface LoadedScript extends K6Script {
  metrics: Metrics
  /** What it printed. */
  printed: string[]
  /** The names of what it exports. */
  exported: string[]
}

/**
 * Loads a script as k6 does, in an ECMAScript without anything of Node, and without what goja, which is k6's, lacks of newer editions.
 * @param env what `__ENV` is
 */
export async function loadScript(name: string, env: Record<string, string>): Promise<LoadedScript> {
  const text = await bundleScript(name)
  const metrics = createMetrics()
  const printed: string[] = []
  const print = (...parts: unknown[]) => void printed.push(parts.join(' '))
  const context = createContext({
    [modulesGlobal]: createModules(metrics),
    __ENV: env,
    __VU: 1,
    __ITER: 0,
    console: { log: print, error: print },
    open: (file: string) => readFileSync(file, 'utf8'),
  })
  runInContext(lacking, context)
  const script = runInContext(`${text}\n;${scriptGlobal}`, context) as K6Script
  return { ...script, metrics, printed, exported: Object.keys(script) }
}

const lacking = `
for (const name of ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex']) delete Array.prototype[name]
for (const name of ['groupBy']) { delete Object[name]; delete Map[name] }
for (const name of ['union', 'intersection', 'difference', 'symmetricDifference']) delete Set.prototype[name]
delete Promise.withResolvers
delete Promise.try
delete Array.fromAsync
delete globalThis.Iterator
delete globalThis.Intl
delete globalThis.WebAssembly
`
