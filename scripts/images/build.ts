import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { localBases } from './bases.ts'
import { buildah, root } from './buildah.ts'

export const imageName = (target: string) => `localhost/comanda-${target}`

/** The stages of the Dockerfile that are images: those that say what they start. */
export function imageTargets(dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8')): string[] {
  const stages = dockerfile.split(/^FROM /m).slice(1)
  return stages.filter((stage) => /^CMD /m.test(stage)).map((stage) => /^\S+ AS (\S+)/.exec(stage)?.[1] ?? '')
}

export interface BuildOptions {
  tag?: string
  /** Everything anew, whatever was built before. */
  cache?: boolean
}

/** Builds one target on the local bases. Every file has the time of the epoch. */
export async function buildImage(target: string, { tag, cache = true }: BuildOptions = {}): Promise<void> {
  await buildah(
    'build',
    '--quiet',
    cache ? '--layers' : '--no-cache',
    '--timestamp=0',
    `--target=${target}`,
    `--build-arg=BUILD_IMAGE=${localBases.build}`,
    `--build-arg=BASE_IMAGE=${localBases.runtime}`,
    '--pull=never',
    `--tag=${tag ?? imageName(target)}`,
    '.',
  )
}
