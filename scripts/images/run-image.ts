import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { buildah, type ImageConfig, imageConfig } from './buildah.ts'

/** An image whose files are there to be looked at and started. */
export interface MountedImage {
  /** Where its root directory is on this machine. */
  folder: string
  config: ImageConfig
  release: () => Promise<void>
}

export async function mountImage(image: string): Promise<MountedImage> {
  const container = await buildah('from', '--pull=never', image)
  return {
    folder: await buildah('mount', container),
    config: await imageConfig(image),
    release: async () => void (await buildah('rm', container)),
  }
}

export interface StartOptions {
  /** Arguments of node, instead of those of the image. */
  args?: string[]
  env?: Record<string, string>
  /** Folders of this machine, by where they are seen. */
  mounts?: Record<string, string>
}

export interface StartedImage {
  child: ChildProcess
  /** Everything it has written so far. */
  output: () => string
  /** Sends a signal, or none, and waits for the end. */
  end: (signal?: NodeJS.Signals) => Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/**
 * As the kubelet lays it out: the root read-only, nothing but /tmp to write, the image's user, no privileges and no way to
 * any. The pid stays that of the child, so that signals reach the process itself.
 */
const layOut = `
set -eu
root=$1 workdir=$2 user=$3 group=$4 mounts=$5
shift 5
mkdir -p "$root/proc" "$root/dev" "$root/tmp"
: >>"$root/dev/null"
for pair in $mounts; do
  mkdir -p "$root\${pair#*=}"
  mount --bind "\${pair%%=*}" "$root\${pair#*=}"
done
mount --rbind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
mount --bind /dev/null "$root/dev/null"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$root/tmp"
exec setpriv --no-new-privs unshare --root="$root" --wd="$workdir" --setgid="$group" --setuid="$user" -- "$@"
`

/** Starts what the image starts, from its own files. */
export function startImage({ folder, config }: MountedImage, options: StartOptions = {}): StartedImage {
  const { args = config.Cmd, env = {}, mounts = {} } = options
  const [user = '', group = ''] = config.User.split(':')
  const pairs = Object.entries(mounts).map(([inside, outside]) => `${outside}=${inside}`)
  const child = spawn(
    'unshare',
    [
      ...['--mount', '--propagation=private', '/bin/sh', '-c', layOut, 'image'],
      ...[folder, config.WorkingDir, user, group, pairs.join(' ')],
      ...[...config.Entrypoint, ...args],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(config.Env.map((entry) => entry.split(/=(.*)/s).slice(0, 2))),
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        ...env,
      },
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = once(child, 'close')
  return {
    child,
    output: () => output,
    async end(signal) {
      if (signal) child.kill(signal)
      await ended
      return { code: child.exitCode, signal: child.signalCode }
    },
  }
}

/** Runs it to its end. @throws with its output when it fails */
export async function runImage(image: MountedImage, options: StartOptions = {}): Promise<string> {
  const started = startImage(image, options)
  const { code } = await started.end()
  if (code !== 0)
    throw new Error(`${options.args?.[0] ?? image.config.Cmd[0]} ended with ${code}: ${started.output()}`)
  return started.output()
}
