import { localBases } from './bases.ts'
import { buildah } from './buildah.ts'

export const imageName = (target: string) => `localhost/comanda-${target}`

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
    '--layers',
    ...(cache ? [] : ['--no-cache']),
    '--timestamp=0',
    `--target=${target}`,
    `--build-arg=BUILD_IMAGE=${localBases.build}`,
    `--build-arg=BASE_IMAGE=${localBases.runtime}`,
    '--pull=never',
    `--tag=${tag ?? imageName(target)}`,
    '.',
  )
}
