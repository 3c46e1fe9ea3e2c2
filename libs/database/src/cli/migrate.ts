import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { findPrimaryUrl } from '../find-primary.ts'
import { migrate } from '../migrate/migrate.ts'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is missing: it says which database to migrate.')
  process.exit(1)
}
try {
  const connectionString = await findPrimaryUrl(url, 'comanda-migrate')
  const db = new Kysely<never>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString, max: 2 }) }),
  })
  try {
    const { migrations, functions } = await migrate(db)
    for (const name of migrations) console.log(`applied ${name}`)
    if (functions.length > 0) console.log(`applied ${functions.length} files of functions`)
    if (migrations.length + functions.length === 0) console.log('the schema is up to date')
  } finally {
    await db.destroy()
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
