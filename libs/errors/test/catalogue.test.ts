import t from 'tap'
import { AppError, defineErrors, describeError } from '#src/index.ts'

const errors = defineErrors({
  tray_not_found: { status: 404, title: 'Tray not found' },
  tray_broken: { status: 503, title: 'Tray broken' },
})

t.test('a catalogue entry makes an error with its status, code and title', async (t) => {
  const error = errors.tray_not_found()
  t.ok(error instanceof AppError)
  t.match(error, { status: 404, code: 'tray_not_found', title: 'Tray not found', detail: 'Tray not found' })
  t.equal(error.extra, undefined)
  t.notOk('cause' in error, 'no cause is invented')
})

t.test('an error carries its own sentence, extra members, cause and retry delay', async (t) => {
  const cause = new Error('no clay')
  const error = errors.tray_broken('Tray 7 broke', { extra: { tray: 7 }, retryAfterSeconds: 3, cause })
  t.match(error, {
    message: 'Tray 7 broke',
    detail: 'Tray 7 broke',
    extra: { tray: 7 },
    retryAfterSeconds: 3,
  })
  t.equal(error.cause, cause)
})

t.test('codes can be looked up for documentation', async (t) => {
  t.same(describeError('tray_not_found'), { code: 'tray_not_found', status: 404, title: 'Tray not found' })
  t.equal(describeError('spoon_not_found'), undefined)
})

t.test('a code cannot be declared twice, badly named, or with a status that is no error', async (t) => {
  const declare =
    (code: string, status = 404) =>
    () =>
      defineErrors({ [code]: { status, title: 'x' } })
  t.throws(declare('tray_not_found'), { message: 'error code "tray_not_found" is already defined' })
  t.throws(declare('TrayMissing'), { message: /not snake_case/ })
  t.throws(declare('tray_fine', 200), { message: /has the status 200/ })
  t.equal(describeError('tray_fine'), undefined, 'a refused catalogue leaves nothing behind')
})
