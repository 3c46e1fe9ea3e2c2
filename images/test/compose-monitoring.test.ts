import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { debianOfCompose } from '../../scripts/images/bases.ts'
import { root } from '../../scripts/images/buildah.ts'

const debian = await debianOfCompose()

/** Shows folders of the project at places of a Debian, for a command in it alone. @returns what it prints, errors included */
async function inDebian(mounts: Record<string, string>, command: string): Promise<string> {
  const mount = Object.entries(mounts).map(
    ([inside, folder]) =>
      `mkdir -p '${debian}${inside}' && mount --bind '${join(root, folder)}' '${debian}${inside}'`,
  )
  const script = [...mount, `exec chroot '${debian}' sh -c '${command} 2>&1'`].join(' && ')
  const { stdout } = await promisify(execFile)('unshare', [
    '--mount',
    '--propagation=private',
    'sh',
    '-c',
    script,
  ])
  return stdout
}

t.test('Prometheus takes its file, and every rule of the chart', async (t) => {
  const mounts = { '/mnt': 'compose', '/etc/prometheus/rules': 'charts/comanda/rules' }
  t.match(await inDebian(mounts, 'promtool check config /mnt/prometheus.yaml'), 'SUCCESS')
})

t.test('Alertmanager takes its file', async (t) => {
  t.match(await inDebian({ '/mnt': 'compose' }, 'amtool check-config /mnt/alertmanager.yaml'), 'SUCCESS')
})
