import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../stack-options.ts'

/** A digest that changes when any of the files (or files below the folders) was written, and with the environment given. */
export function fingerprint(paths: string[], environment: Record<string, string | undefined>): string {
  const hash = createHash('sha256')
  for (const path of paths) hashPath(hash, join(repositoryRoot, path))
  for (const name of Object.keys(environment).toSorted()) hash.update(`${name}=${environment[name]}\0`)
  return hash.digest('hex')
}

function hashPath(hash: ReturnType<typeof createHash>, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isFile()) {
    hash.update(`${path}\0${found.mtimeMs}\0${found.size}\0`)
    return
  }
  for (const name of readdirSync(path).toSorted()) {
    if (name !== 'node_modules' && name !== 'test') hashPath(hash, join(path, name))
  }
}
