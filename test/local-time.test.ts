import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
const places = ['libs/database/functions/**/*.sql', 'services/*/src/**/*.ts']

t.test('local times become instants, and instants dates, in the functions of one folder', async (t) => {
  const files = places.flatMap((pattern) => globSync(pattern, { cwd: root }))
  const converting = files.filter((file) => /at time zone/i.test(readFileSync(join(root, file), 'utf8')))
  t.ok(files.length > 200, 'there are files to search')
  t.same(
    converting.filter((file) => !file.startsWith('libs/database/functions/calendar/')),
    [],
    'instant_of and date_at of libs/database/functions/calendar are used instead',
  )
  t.ok(converting.length > 0, 'and what is searched for is found there')
})
