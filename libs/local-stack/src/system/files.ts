import {
  chown,
  constants,
  copyFile,
  lchown,
  lstat,
  mkdir,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { OsAccount } from './account.ts'

export interface CopyOptions {
  /** Owner of the copies; null leaves them ours. */
  account: OsAccount | null
  /** Given the path below the source; false leaves it (and what it contains) out. */
  wanted?: (path: string) => boolean
}

/** Copies a tree with its modes, sharing blocks where the file system can. Missing files are skipped: the source may be live. */
export async function copyTree(
  source: string,
  target: string,
  options: CopyOptions,
  below = '',
): Promise<void> {
  const own = async (path: string) => {
    if (options.account !== null) await lchown(path, options.account.uid, options.account.gid)
  }
  await mkdir(target, { mode: (await stat(source)).mode & 0o777 })
  await own(target)
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const path = join(below, entry.name)
    if (options.wanted?.(path) === false) continue
    const from = join(source, entry.name)
    const to = join(target, entry.name)
    if (entry.isDirectory()) {
      await copyTree(from, to, options, path)
      continue
    }
    try {
      if (entry.isSymbolicLink()) await symlink(await readlink(from), to)
      else await copyFile(from, to, constants.COPYFILE_FICLONE)
      await own(to)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

/** Gives a directory and everything in it to the account, unless the directory is the account's already. */
export async function giveTo(account: OsAccount | null, path: string): Promise<void> {
  if (account === null || (await lstat(path)).uid === account.uid) return
  await chown(path, account.uid, account.gid)
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
}

/** Removes a file, or a folder with all it contains; does nothing when there is none. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
}
