import t from 'tap'
import { redisPrefix } from '#src/index.ts'

t.test('a fleet keeps its things in Redis under the name of its database, or as it is told', async (t) => {
  for (const [DATABASE_URL, expected] of [
    ['postgres://comanda:secret@one:5432,two:5432/campus?target_session_attrs=read-write', 'campus'],
    ['postgres://one/campus', 'campus'],
    ['postgres://one/campus?options=-c%20search_path=a/b', 'campus'],
  ] as const) {
    t.equal(redisPrefix({ DATABASE_URL }), expected)
    t.equal(redisPrefix({ DATABASE_URL, REDIS_PREFIX: 'staging' }), 'staging')
  }
})
