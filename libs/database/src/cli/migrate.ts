import { migrate } from '../migrate/migrate.ts'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is missing: it says which database to migrate.')
  process.exit(1)
}
try {
  const { migrations, functions, newerVersion } = await migrate(url, { say: console.log })
  if (newerVersion !== null)
    console.log(
      `the schema is of a newer release (version ${newerVersion}), on which this one runs; it stays as it is`,
    )
  else if (migrations.length + functions.length === 0) console.log('the schema is up to date')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
