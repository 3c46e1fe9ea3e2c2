import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { imageName } from './build.ts'
import { imageTargets } from './dockerfile.ts'
import { mountImage } from './run-image.ts'

const parts = { node: 'usr/local/bin/node', packages: 'comanda/node_modules', all: '.' }

/** Prints how large each image is, unpacked, and what of it every image shares. */
export async function printSizes(): Promise<void> {
  for (const target of imageTargets()) {
    const { folder, release } = await mountImage(imageName(target))
    try {
      const sizes = await Promise.all(Object.values(parts).map((part) => megabytes(join(folder, part))))
      const [node = 0, packages = 0, all = 0] = sizes
      const count = readdirSync(join(folder, 'comanda/node_modules/.pnpm')).length
      console.log(
        `  ${target}: ${all} MB: Node ${node}, ${count} packages ${packages}, the base and our source ${all - node - packages}`,
      )
    } finally {
      await release()
    }
  }
}

async function megabytes(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)('du', [
    '--summarize',
    '--apparent-size',
    '--block-size=1M',
    path,
  ])
  return Number.parseInt(stdout, 10)
}
