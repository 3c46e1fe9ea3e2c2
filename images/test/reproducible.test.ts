import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildImage, imageName } from '../../scripts/images/build.ts'
import { buildah, root } from '../../scripts/images/buildah.ts'

const layers = async (image: string) => {
  const { OCIv1 } = JSON.parse(await buildah('inspect', '--type=image', image)) as {
    OCIv1: { rootfs: { diff_ids: string[] } }
  }
  return OCIv1.rootfs.diff_ids
}

// The largest one takes part; the others are made the same way.
t.test(
  'the same sources make the same layers, whenever they were checked out',
  { timeout: 900_000 },
  async (t) => {
    const now = new Date()
    utimesSync(join(root, 'services/worker/src/server.ts'), now, now)
    const again = `${imageName('worker')}-again`
    await buildImage('worker', { tag: again, cache: false })
    t.teardown(() => buildah('rmi', again))
    const [first, second] = [await layers(imageName('worker')), await layers(again)]
    t.ok(first.length > 3)
    t.same(second, first)
  },
)
