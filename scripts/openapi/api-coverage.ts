import type { ApiCall } from '../../libs/service/src/testing/record-api-calls.ts'
import { codesByStatus } from './error-codes.ts'
import type { OpenApiDocument, Operation } from './openapi-document.ts'

/**
 * What the documents (by service) promise and no test has seen, and what tests have seen and the documents do not mention:
 * every operation succeeds in some test, every documented code is produced by one, and nothing else comes.
 * @returns sentences, in the order of the documents
 */
export function coverageGaps(
  documents: ReadonlyMap<string, OpenApiDocument>,
  calls: readonly ApiCall[],
): string[] {
  const produced = new Set(calls.map(({ code }) => code))
  return [...documents].flatMap(([service, document]) => {
    const operations = Object.values(document.paths ?? {}).flatMap((methods) => Object.values(methods))
    const documented = new Set(
      operations.flatMap((operation) => [...codesByStatus(operation).values()].flat()),
    )
    const missing = [...documented].filter((code) => !produced.has(code)).toSorted()
    return [
      ...operations.flatMap((operation) => operationGaps(operation, callsOf(service, operation, calls))),
      ...missing.map((code) => `no test produces the error ${code}`),
    ].map((gap) => `${service}: ${gap}`)
  })
}

const callsOf = (service: string, { operationId }: Operation, calls: readonly ApiCall[]) =>
  calls.filter((call) => call.service === service && call.operationId === operationId)

function operationGaps(operation: Operation, calls: readonly ApiCall[]): string[] {
  const { operationId } = operation
  const codes = codesByStatus(operation)
  const surprises = calls.flatMap(({ status, code }) => {
    const known = codes.get(status)
    if (known === undefined)
      return [`${operationId} answers ${status}${code ? ` ${code}` : ''}, which is not documented`]
    return code === null || known.includes(code)
      ? []
      : [`${operationId} answers ${status} ${code}, a code that is not documented`]
  })
  const succeeded = calls.some(({ status }) => status >= 200 && status < 300)
  return [...(succeeded ? [] : [`no test calls ${operationId} with success`]), ...new Set(surprises)]
}
