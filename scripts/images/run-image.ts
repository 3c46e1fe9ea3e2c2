import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { buildah, type ImageConfig, imageConfig } from './buildah.ts'

/** An image whose files are mounted, to be read and started. */
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
  /** Instead of the entry point of the image. */
  program?: string[]
  /** Arguments of node, instead of those of the image. */
  args?: string[]
  env?: Record<string, string>
  /** Folders of this machine, by where they are seen. */
  mounts?: Record<string, string>
  /** Lets the process write its files, which changes them for whoever starts the same mounted image. */
  writable?: boolean
}

export interface StartedImage {
  child: ChildProcess
  /** Everything it has written so far. */
  output: () => string
  /** Sends a signal, or none, and waits for the end. */
  end: (signal?: NodeJS.Signals) => Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/**
 * Mounts what the kubelet would: the root read-only unless `writable`, /tmp to write, no way to privileges. The pid stays that
 * of the child, so that signals reach the process itself.
 */
const layOut = `
set -eu
root=$1 access=$2 mounts=$3
shift 3
mkdir -p "$root/proc" "$root/dev" "$root/tmp"
: >>"$root/dev/null"
for pair in $mounts; do
  mkdir -p "$root\${pair#*=}"
  mount --bind "\${pair%%=*}" "$root\${pair#*=}"
done
mount --rbind "$root" "$root"
mount -o "remount,bind,$access" "$root"
mount -t proc proc "$root/proc"
mount --bind /dev/null "$root/dev/null"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$root/tmp"
exec setpriv --no-new-privs "$@"
`

/** Starts what the image starts, from its own files, as its user. */
export function startImage({ folder, config }: MountedImage, options: StartOptions = {}): StartedImage {
  const { program = config.Entrypoint, args = config.Cmd, env = {}, mounts = {}, writable = false } = options
  const [user = '', group = ''] = config.User.split(':')
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--propagation=private',
      '/bin/sh',
      '-c',
      layOut,
      'image',
      folder,
      writable ? 'rw' : 'ro',
      Object.entries(mounts)
        .map(([inside, outside]) => `${outside}=${inside}`)
        .join(' '),
      // Exactly the environment of a container: whoever runs tests has more, and hands it down.
      'env',
      '-i',
      ...config.Env,
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      'unshare',
      `--root=${folder}`,
      `--wd=${config.WorkingDir}`,
      `--setgid=${group}`,
      `--setuid=${user}`,
      '--',
      ...program,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  }
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
    throw new Error(`${(options.args ?? image.config.Cmd).join(' ')} ended with ${code}: ${started.output()}`)
  return started.output()
}
