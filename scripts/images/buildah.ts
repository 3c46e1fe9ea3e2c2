import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '../..')

/** Where images are kept, inside this clone, apart from any that the machine has. */
export const imagesDirectory = join(root, '.comanda/images')

/**
 * Runs buildah below everything else that the machine does.
 * @returns what it prints. @throws with what it says
 */
export async function buildah(...args: string[]): Promise<string> {
  mkdirSync(imagesDirectory, { recursive: true })
  const storage = [
    `--root=${join(imagesDirectory, 'storage')}`,
    `--runroot=${join(imagesDirectory, 'running')}`,
  ]
  try {
    const { stdout } = await promisify(execFile)('nice', ['-n', '19', 'buildah', ...storage, ...args], {
      cwd: root,
      // Needs neither a container runtime nor a network of its own.
      env: { ...process.env, BUILDAH_ISOLATION: 'chroot' },
      maxBuffer: 100_000_000,
    })
    return stdout.trim()
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n')
    throw new Error(`buildah ${args[0]}: ${said}`, { cause: error })
  }
}

/** What an image says of itself, as Docker's format has it. */
export interface ImageConfig {
  User: string
  WorkingDir: string
  Entrypoint: string[]
  Cmd: string[]
  Env: string[]
  Labels: Record<string, string>
  ExposedPorts: Record<string, object>
}

export async function imageConfig(image: string): Promise<ImageConfig> {
  const { Docker } = JSON.parse(await buildah('inspect', '--type=image', image)) as {
    Docker: { config: ImageConfig }
  }
  return Docker.config
}
