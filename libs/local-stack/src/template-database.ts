import { type AdminSession, asSuperuser, quoteIdentifier } from './postgres/connection.ts'
import { owner, postgresUrl } from './postgres/credentials.ts'
import { isAlive } from './system/processes.ts'

export const templateName = 'comanda_template'

export interface TemplateOptions {
  /** Port of the primary. */
  port: number
  /** Changes whenever the migrations do; kept as the database's comment. */
  fingerprint: string
  /** Fills the empty database at that URL, which logs in as its owner. */
  migrate: (url: string) => Promise<void>
}

/**
 * Makes the database that tests clone, unless one with this fingerprint is there. It is migrated under another
 * name first, so that tests of other sessions never clone half of it.
 * @returns whether it was made anew
 */
export async function ensureTemplate(options: TemplateOptions): Promise<boolean> {
  const { port, fingerprint, migrate } = options
  if ((await asSuperuser(port, presentFingerprint)) === fingerprint) return false
  const next = `${templateName}_next`
  await asSuperuser(port, async (session) => {
    await session.query(`drop database if exists ${next} with (force)`)
    await session.query(`create database ${next} owner ${quoteIdentifier(owner.user)}`)
  })
  await migrate(postgresUrl(port, next))
  await asSuperuser(port, async (session) => {
    await session.query(`comment on database ${next} is '${fingerprint.replaceAll("'", "''")}'`)
  })
  await asSuperuser(port, (session) => replaceTemplate(session, next))
  return true
}

/** Replaces the template in one transaction, so that a test that clones meanwhile gets the old one or the new one. */
async function replaceTemplate(session: AdminSession, next: string): Promise<void> {
  const old = `${templateName}_old`
  await session.query(`drop database if exists ${old} with (force)`)
  const present = await session.query('select 1 from pg_database where datname = $1', [templateName])
  await session.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    templateName,
  ])
  await session.query('begin')
  if (present.length > 0) await session.query(`alter database ${templateName} rename to ${old}`)
  await session.query(`alter database ${next} rename to ${templateName}`)
  await session.query('commit')
  await session.query(`drop database if exists ${old} with (force)`)
}

async function presentFingerprint(session: AdminSession): Promise<string | null> {
  const [found] = await session.query<{ fingerprint: string | null }>(
    `select shobj_description(oid, 'pg_database') as fingerprint from pg_database where datname = $1`,
    [templateName],
  )
  return found?.fingerprint ?? null
}

/**
 * Clones are named after the process that made them, which is how those of killed tests are recognised. A name is never used again:
 * Redis may keep what was made from a database for a day.
 */
export const cloneName = (pid: number, count: number) => `test_${pid}_${count}_${Date.now().toString(36)}`

/** Drops the clones whose test process is gone. */
export async function dropAbandonedClones(port: number): Promise<void> {
  await asSuperuser(port, async (session) => {
    const found = await session.query<{ name: string }>(
      `select datname as name from pg_database where datname ~ '^test_[0-9]+_[0-9]+_[0-9a-z]+$'`,
    )
    for (const { name } of found) {
      if (isAlive(Number(name.split('_')[1]))) continue
      await session.query(`drop database if exists ${quoteIdentifier(name)} with (force)`)
    }
  })
}
