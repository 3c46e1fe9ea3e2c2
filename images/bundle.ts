import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

// Makes one file of a service and everything that it imports, as its image has it: ADR 15 says why, and what it gains.
//   node images/bundle.ts services/orders …

/**
 * Writes `server.mjs`, of a package that has a `comanda` key, into its `dist` or another folder, and beside it its source map, the files that packages
 * read from their own folders, and the licenses of all of them. Returns the path of the file.
 */
export async function bundle(folder: string, out = join(folder, 'dist')): Promise<string> {
  const { comanda } = readJson(join(folder, 'package.json')) as { comanda?: { entry?: string } }
  if (comanda === undefined) throw new Error(`${folder} is no service: its package.json has no "comanda"`)
  const file = join(out, 'server.mjs')
  rmSync(out, { recursive: true, force: true })
  const { metafile } = await build({
    entryPoints: [join(folder, comanda.entry ?? 'src/server.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // Not names: they are in stacks, and errors are known by theirs.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    banner: { js: commonJs },
    // Loaded by pg when it is there, which it never is.
    external: ['pg-native'],
    plugins: [builtinsByRequire, packageFiles],
  })
  const packages = [...new Set(Object.keys(metafile.inputs).flatMap(packageOf))].toSorted()
  for (const directory of packages) {
    const folder = foldersRead[nameOf(directory)]
    if (folder !== undefined)
      cpSync(join(directory, folder), join(out, nameOf(directory), folder), { recursive: true })
  }
  writeFileSync(join(out, 'licenses.txt'), packages.map(licenseOf).join('\n\n'))
  return file
}

/** What CommonJS modules expect to find, in a module that is none. */
const commonJs = `
import { createRequire as createRequireOfBundle } from 'node:module'
const require = createRequireOfBundle(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname
`.trim()

/**
 * Node's own modules are required, not imported: an import of `node:http` reads each of its members once, one of which is WebSocket, which
 * loads all of undici.
 */
const builtinsByRequire: Plugin = {
  name: 'builtins by require',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'builtin' } : null,
    )
    build.onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }))
  },
}

/** Folders that packages read while they run, below their own. They are below `dist` by the package's name. */
const foldersRead: Record<string, string> = { '@fastify/swagger-ui': 'static' }

/**
 * Modules of packages. The source map says of them only which file it is: with every position of theirs it would be five times as large. A
 * package that reads files finds them from where its module would be.
 */
const packageFiles: Plugin = {
  name: 'files of packages',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, ({ path }) => {
      const map = JSON.stringify({ version: 3, sources: [basename(path)], mappings: 'AAAA' })
      const url = `data:application/json;base64,${Buffer.from(map).toString('base64')}`
      const [directory = ''] = packageOf(path)
      const name = nameOf(directory)
      const folder = join(name, relative(directory, dirname(path)))
      const where =
        name in foldersRead ? `var __dirname = require('path').join(__filename, '..', '${folder}');` : ''
      return { contents: `${where}${readFileSync(path, 'utf8')}\n//# sourceMappingURL=${url}`, loader: 'js' }
    })
  },
}

/** The folder of the package that a file is of; none for ours. */
function packageOf(file: string): string[] {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.slice(0, 1) ?? []
}

const nameOf = (directory: string) =>
  directory.slice(directory.lastIndexOf('/node_modules/') + '/node_modules/'.length)

function licenseOf(directory: string): string {
  const { name, version, license } = readJson(join(directory, 'package.json')) as Record<string, string>
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  const texts = files.toSorted().map((file) => readFileSync(join(directory, file), 'utf8').trim())
  return [`# ${name}@${version} (${license})`, ...texts].join('\n\n')
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

if (import.meta.main) for (const folder of process.argv.slice(2)) await bundle(folder)
