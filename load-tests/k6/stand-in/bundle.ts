import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** Where the bundle finds the modules that k6 has built in. */
export const modulesGlobal = 'modulesOfK6'
/** Where the bundle puts what the script exports. */
export const scriptGlobal = 'scriptOfK6'

/**
 * Makes one text of a script of k6 and all that it imports, as k6 does with esbuild itself. Whatever is neither in this clone nor built
 * into k6 fails, as it would there: Node's modules, and packages.
 */
export async function bundleScript(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '..', `${name}.ts`)],
    bundle: true,
    write: false,
    platform: 'neutral',
    format: 'iife',
    globalName: scriptGlobal,
    target: 'es2022',
    logLevel: 'silent',
    plugins: [builtIn],
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`esbuild made nothing of ${name}`)
  return file.text
}

const builtIn: Plugin = {
  name: 'built into k6',
  setup(build) {
    build.onResolve({ filter: /^k6($|\/)/ }, ({ path }) => ({ path, namespace: 'k6' }))
    build.onLoad({ filter: /.*/, namespace: 'k6' }, ({ path }) => ({
      loader: 'js',
      // CommonJS, so that a default import is the module, as in k6.
      contents: `module.exports = ${modulesGlobal}[${JSON.stringify(path)}]`,
    }))
  },
}
