import { codesByStatus } from './error-codes.ts'
import type { Operation } from './openapi-document.ts'

interface Verdict {
  what: string
  breaking: boolean
}

const roles = ['public', 'authenticated', 'staff', 'manager', 'admin']

/** Who may call an operation, as `x-access` says. */
export function compareAccess(released: Operation, current: Operation): Verdict[] {
  const [was = 'public', now = 'public'] = [released['x-access'], current['x-access']]
  const fewer = roles.indexOf(now) > roles.indexOf(was)
  return fewer ? [{ what: `access was ${was}, is now ${now}`, breaking: true }] : []
}

/**
 * The codes of errors. Clients branch on them, so one that is gone breaks them: what it stood for now comes under
 * another code. A new one they treat by its status.
 */
export function compareErrorCodes(released: Operation, current: Operation): Verdict[] {
  const now = codesByStatus(current)
  return [...codesByStatus(released)].flatMap(([status, codes]) => {
    const currentCodes = now.get(status)
    // oasdiff reports a status that is gone.
    if (currentCodes === undefined) return []
    const gone = codes.filter((code) => !currentCodes.includes(code))
    const added = currentCodes.filter((code) => !codes.includes(code))
    return [
      ...gone.map((code) => ({ what: `error ${status} ${code} is gone`, breaking: true })),
      ...added.map((code) => ({ what: `error ${status} ${code} is new`, breaking: false })),
    ]
  })
}
