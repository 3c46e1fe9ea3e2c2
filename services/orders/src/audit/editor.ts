import type { Caller } from '@comanda/access'
import { callerOf } from '@comanda/service'
import type { FastifyRequest } from 'fastify'

/** Who changes something, and in which request: what a change is allowed and recorded by. */
export interface Editor {
  caller: Caller
  requestId: string
}

export function editorOf(request: FastifyRequest): Editor {
  return { caller: callerOf(request), requestId: request.id }
}
