import { execFile } from 'node:child_process'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { buildah, imagesDirectory } from './buildah.ts'

const run = promisify(execFile)

export const localBases = {
  /** In place of the node image: Debian with npm. */
  build: 'localhost/comanda-build-base',
  /** In place of distroless: what C++ programs need, no shell. */
  runtime: 'localhost/comanda-runtime-base',
}

/** What the public images are made of. */
const suite = 'trixie'
/** What distroless' cc is made of, as far as Node, which brings its own OpenSSL, needs it. */
const runtimePackages = ['base-files', 'libc6', 'libgcc-s1', 'libstdc++6', 'tzdata']
const certificates = 'etc/ssl/certs/ca-certificates.crt'

/** Makes stand-ins for the public images that the Dockerfile names, for machines that reach Debian but no registry. */
export async function makeLocalBases(): Promise<void> {
  const bootstrapped = await makeDebian()
  await makeImage(localBases.build, async (folder) => {
    await run('cp', ['-a', `${bootstrapped}/.`, folder])
    await addNpm(folder)
  })
  await makeImage(localBases.runtime, async (folder) => copyPackages(bootstrapped, folder))
}

/** The folder of a small Debian, made when it is not there, which also has the packages given. None of their services runs. */
async function makeDebian(...packages: string[]): Promise<string> {
  const folder = join(imagesDirectory, [suite, ...packages].join('+'))
  if (existsSync(folder)) return folder
  console.log(`  debootstrap ${[suite, ...packages].join(' with ')}`)
  const making = `${folder}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(dirname(making), { recursive: true })
  const include = packages.length > 0 ? [`--include=${packages.join(',')}`] : []
  await run(
    'nice',
    ['-n', '19', 'debootstrap', '--variant=minbase', '--merged-usr', ...include, suite, making],
    { maxBuffer: 10_000_000 },
  )
  renameSync(making, folder)
  return folder
}

/** A Debian with what the images of compose.yaml have, as far as its files are read or run by it. */
export const debianOfCompose = () => makeDebian('postgresql-17', 'prometheus', 'prometheus-alertmanager')

async function makeImage(name: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const context = mkdtempSync(join(imagesDirectory, 'context-'))
  try {
    const folder = join(context, 'files')
    mkdirSync(folder)
    await fill(folder)
    // Devices cannot be copied, and a container has its own.
    rmSync(join(folder, 'dev'), { recursive: true, force: true })
    mkdirSync(join(folder, dirname(certificates)), { recursive: true })
    // With those of the machine, which may stand behind a proxy with one of its own.
    copyFileSync(join('/', certificates), join(folder, certificates))
    const trust = `NODE_EXTRA_CA_CERTS=/${certificates} SSL_CERT_FILE=/${certificates}`
    const registry = (await run('npm', ['config', 'get', 'registry'])).stdout.trim()
    const environment = name === localBases.build ? `ENV ${trust} NPM_CONFIG_REGISTRY=${registry}` : ''
    writeFileSync(join(context, 'Dockerfile'), `FROM scratch\nCOPY files /\n${environment}\n`)
    await buildah('build', '--quiet', '--timestamp=0', `--tag=${name}`, context)
  } finally {
    rmSync(context, { recursive: true, force: true })
  }
}

/** The Node that runs this, and the npm of the machine. */
async function addNpm(folder: string): Promise<void> {
  copyFileSync(realpathSync(process.execPath), join(folder, 'usr/local/bin/node'))
  const npm = join((await run('npm', ['root', '--global'])).stdout.trim(), 'npm')
  cpSync(npm, join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true, verbatimSymlinks: true })
  writeFileSync(
    join(folder, 'usr/local/bin/npm'),
    '#!/usr/bin/env node\nrequire("/usr/local/lib/node_modules/npm/lib/cli.js")(process)\n',
    { mode: 0o755 },
  )
}

async function copyPackages(from: string, to: string): Promise<void> {
  const lists = join(from, 'var/lib/dpkg/info')
  const files = runtimePackages.flatMap((name) => {
    const list = [`${name}.list`, `${name}:${architecture()}.list`].find((file) =>
      existsSync(join(lists, file)),
    )
    if (list === undefined) throw new Error(`${suite} has no ${name}`)
    return readFileSync(join(lists, list), 'utf8').split('\n').filter(Boolean)
  })
  // Links of the top, through which the files of older packages are found.
  const names = ['bin', 'sbin', 'lib', 'lib64', ...files.map((file) => `.${resolveMerged(file)}`)]
  const list = join(to, '..', 'files.txt')
  writeFileSync(list, names.join('\n'))
  await run('sh', ['-c', 'tar -C "$0" -c --no-recursion -T "$1" | tar -C "$2" -x', from, list, to])
  mkdirSync(join(to, 'etc'), { recursive: true })
  writeFileSync(join(to, 'etc/passwd'), 'root:x:0:0:root:/root:/sbin/nologin\n')
  writeFileSync(join(to, 'etc/group'), 'root:x:0:\n')
}

/** `/lib/x` is `/usr/lib/x`: the first would be stored below a link, which tar refuses. */
const resolveMerged = (file: string) => file.replace(/^\/(bin|sbin|lib|lib64)\//, '/usr/$1/')

const architecture = () => ({ x64: 'amd64', arm64: 'arm64' })[process.arch as string] ?? process.arch
