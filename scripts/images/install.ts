import { findOrInstallProgram } from '../../libs/local-stack/src/testing.ts'

const missing = (name: string) =>
  `Images are built with ${name} on Debian: install it with \`apt-get install buildah debootstrap\`.`

/** What builds images and a Debian to build them on, from the machine's packages. @throws one sentence when that fails */
export async function installImageTools(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error('The images are mounted and started as another user: run this as root.')
  for (const name of ['buildah', 'debootstrap'])
    await findOrInstallProgram(
      { names: [name], packages: { 'apt-get': name }, missing: missing(name) },
      console.log,
    )
}
