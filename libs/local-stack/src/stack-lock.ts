import { readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Say } from './progress.ts'
import { isAlive } from './system/processes.ts'

/**
 * Runs work under the lock of a stack, so that one process at a time starts, changes or stops it. A lock whose holder has died
 * is taken over.
 * @throws Error after three minutes of waiting
 */
export async function withStackLock<T>(directory: string, say: Say, work: () => Promise<T>): Promise<T> {
  const file = join(directory, 'lock')
  await acquire(file, say)
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

async function acquire(file: string, say: Say): Promise<void> {
  const deadline = Date.now() + 180_000
  let announced = false
  while (!(await tryCreate(file))) {
    const holder = Number(readLock(file))
    if (Number.isInteger(holder) && holder > 0 && !isAlive(holder)) {
      await rm(file, { force: true })
      continue
    }
    if (Date.now() > deadline) throw new Error(`Process ${holder} holds ${file}; end it or remove the file.`)
    if (!announced) say(`waiting for process ${holder}, which is working on the same stack`)
    announced = true
    await sleep(200)
  }
}

async function tryCreate(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function readLock(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
