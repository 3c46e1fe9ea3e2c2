import { execFileSync, spawnSync } from 'node:child_process'

/** Another user of this machine, under whom Postgres runs when we are root (Postgres refuses to run as root). */
export interface OsAccount {
  uid: number
  gid: number
  name: string
}

const candidates = ['postgres', '_postgres', 'nobody']

/**
 * Finds the user who runs the Postgres servers. Null means "we ourselves", which is the case for every ordinary user.
 * @throws Error when we are root and the machine has none of the known unprivileged users
 */
export function serverAccount(): OsAccount | null {
  if (process.getuid?.() !== 0) return null
  for (const name of candidates) {
    const uid = idOf(name, '-u')
    const gid = idOf(name, '-g')
    if (uid !== null && gid !== null && uid !== 0) return { uid, gid, name }
  }
  throw new Error(
    `Postgres does not run as root, and none of the users ${candidates.join(', ')} exists here: add one with \`useradd --system postgres\`.`,
  )
}

/** The uid and gid for spawn; empty when we run the servers ourselves. */
export function asAccount(account: OsAccount | null): { uid?: number; gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid }
}

/** Asks the kernel, as that user, whether the path can be entered (a directory) or executed (a file). */
export function canReach(account: OsAccount | null, path: string): boolean {
  const asked = spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { cwd: '/', ...asAccount(account) })
  return asked.status === 0
}

function idOf(name: string, flag: '-u' | '-g'): number | null {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return null
  }
}
