import { statfsSync, statSync } from 'node:fs'
import { freemem } from 'node:os'

const gibibyte = 1024 ** 3
const memoryFileSystem = '/dev/shm'

/**
 * A directory in memory for data that is thrown away: cloning a database there takes a fifth of the time. Null where there is
 * none, where it has less than 3 GiB of room (containers often allow 64 MB), or with less than 4 GiB of free memory.
 */
export function memoryDirectory(): string | null {
  if (process.platform !== 'linux') return null
  try {
    const { bavail, bsize } = statfsSync(memoryFileSystem)
    const roomy = bavail * bsize > 3 * gibibyte && freemem() > 4 * gibibyte
    return roomy && statSync(memoryFileSystem).isDirectory() ? memoryFileSystem : null
  } catch {
    return null
  }
}
