import t from 'tap'
import { imageName } from '../../scripts/images/build.ts'
import { buildah } from '../../scripts/images/buildah.ts'

interface Inspected {
  OCIv1: { config: object; rootfs: { diff_ids: string[] } }
}

const inspect = async (image: string) =>
  JSON.parse(await buildah('inspect', '--type=image', image)) as Inspected

// The second was built anew, from sources of another time (scripts/test-images.ts). The others are made the same way.
t.test('the same sources make the same image, whenever they were checked out', async (t) => {
  const first = await inspect(imageName('worker'))
  const second = await inspect(imageName('worker-again'))
  t.equal(first.OCIv1.rootfs.diff_ids.length, 3, 'the base, Node, the program')
  t.same(second.OCIv1.rootfs.diff_ids, first.OCIv1.rootfs.diff_ids)
  t.same(second.OCIv1.config, first.OCIv1.config)
})
