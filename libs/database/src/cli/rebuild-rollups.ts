import { rebuildRollups } from '../rollups/rebuild-rollups.ts'

const url = process.env['DATABASE_URL']
if (!url) {
  console.error('DATABASE_URL is missing: it says in which database the rollups are rebuilt.')
  process.exit(1)
}
try {
  const events = await rebuildRollups(url, { say: console.log })
  console.log(`the rollups were rebuilt from ${events} events`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
