import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { imageName } from './build.ts'
import { imageTargets } from './dockerfile.ts'
import { mountImage } from './run-image.ts'

const parts = { node: 'usr/local/bin/node', program: 'comanda', all: '.' }

/** Prints how large each image is, unpacked, and what of it every image shares. */
export async function printSizes(): Promise<void> {
  for (const target of imageTargets()) {
    const { folder, release } = await mountImage(imageName(target))
    try {
      const sizes = await Promise.all(Object.values(parts).map((part) => megabytes(join(folder, part))))
      const [node = 0, program = 0, all = 0] = sizes
      console.log(
        `  ${target}: ${all} MB: Node ${node}, the program ${program}, the base ${all - node - program}`,
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
