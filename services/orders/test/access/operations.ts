import type { Service } from '@comanda/service'
import type { InjectOptions } from 'fastify'
import type { TestCaller } from './callers.ts'
import type { ExampleCall } from './example-calls.ts'

export interface Operation {
  operationId: string
  path: string
  method: string
  'x-access'?: string
}

/** Every operation of the document of an app that is ready. */
export function operationsOf(app: Service): Operation[] {
  return Object.entries(app.openapi().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
}

/** The request with which a caller makes an example of a call. */
export function requestFor(
  { method, path }: Pick<Operation, 'method' | 'path'>,
  example: ExampleCall,
  headers: TestCaller['headers'],
): InjectOptions {
  return {
    method,
    url: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(example.path?.[name])),
    headers: { ...headers },
    ...(example.query && { query: example.query }),
    ...(example.body && { payload: example.body }),
  }
}
