import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildProgram, chartTools, downloadModule } from '../go.ts'
import { clusterModules } from '../versions.ts'

const { kubernetes, kwok, rollouts } = clusterModules
const [, kubernetesVersion = ''] = kubernetes.split('@')

// Packages of one suite share their libraries, so that these are compiled once.
const suites = {
  kubernetes: {
    at: kubernetes,
    also: [kwok],
    ldflags: versionFlags(),
    packages: {
      etcd: 'go.etcd.io/etcd/server/v3',
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      kwok: 'sigs.k8s.io/kwok/cmd/kwok',
    },
  },
  rollouts: {
    at: rollouts,
    also: [],
    ldflags: '-s -w',
    packages: { 'rollouts-controller': 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller' },
  },
}

export type ClusterProgram = keyof (typeof suites.kubernetes.packages & typeof suites.rollouts.packages)
const directoryOf = (at: string) => join(chartTools, at.replaceAll('/', '_'))

/** Path of a program, whether it is installed yet or not. */
export function clusterProgram(name: ClusterProgram): string {
  return join(directoryOf(name === 'rollouts-controller' ? rollouts : kubernetes), name)
}

/** Builds a whole control plane, kwok and the controller of Argo Rollouts, once per version. Minutes, on two cores. */
export async function installClusterPrograms(): Promise<void> {
  for (const { at, also, ldflags, packages } of Object.values(suites)) {
    const directory = directoryOf(at)
    if (existsSync(directory)) continue
    const building = `${directory}.building`
    rmSync(building, { recursive: true, force: true })
    await mkdir(building, { recursive: true })
    await writeFile(join(building, 'go.mod'), await goMod(at, also))
    for (const [name, path] of Object.entries(packages)) {
      console.log(`  ${name} of ${at} (go build)`)
      await buildProgram({ module: building, name, path, ldflags })
    }
    renameSync(building, directory)
  }
}

/**
 * A module that requires the others with the same libraries as they have themselves. `go install` refuses both because of
 * their replacements. Kubernetes replaces its libraries by folders that are not part of the module; they are published too, as
 * v0.X for 1.X.
 */
async function goMod(at: string, also: string[]): Promise<string> {
  const { GoMod } = await downloadModule(at)
  const theirs = readFileSync(GoMod, 'utf8')
  const replaced = [...theirs.matchAll(/^\s*(?:replace )?(\S+) => (\S+)( v\S+)?$/gm)]
  return [
    'module comanda.dev/test-cluster',
    ...(/^go .*$/m.exec(theirs) ?? []),
    // How the runtime behaves is part of a release.
    ...(/^godebug .*$/m.exec(theirs) ?? []),
    ...[at, ...also].map((module) => `require ${module.replace('@', ' ')}`),
    ...replaced.map(([, old, by, version]) =>
      by?.startsWith('./staging/')
        ? `replace ${old} => ${old} ${kubernetesVersion.replace('v1.', 'v0.')}`
        : `replace ${old} => ${by}${version ?? ''}`,
    ),
    '',
  ].join('\n')
}

/** What the programs say they are: helm and the server's own compatibility rules believe it. */
function versionFlags(): string {
  const [major, minor] = kubernetesVersion.slice(1).split('.')
  const set = { gitVersion: kubernetesVersion, gitMajor: major, gitMinor: minor }
  const flags = Object.entries(set).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`,
  )
  return ['-s -w', ...flags].join(' ')
}
