import { AppError } from '@comanda/errors'
import type { Refused } from '@comanda/events'
import {
  fieldErrors,
  type Logger,
  type Metrics,
  platformErrors,
  refuseUnfit,
  validationFailed,
} from '@comanda/service'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { socketErrors } from './sockets.errors.ts'
import type { ClientSocket } from './sockets.ts'

/**
 * Makes listeners for events of clients. A listener validates the message, does the work and acknowledges it, with the error's
 * code when it fails. A client that asks for no acknowledgement gets none. Make a listener once, not per socket.
 * `onlyKnown` is for `socket.use`: it acknowledges events that have no listener with `unknown_event`, and they go no further.
 */
export function createAnswer({ log, metrics }: { log: Logger; metrics: Metrics }) {
  const messages = metrics.counter({
    name: 'socket_messages_total',
    help: 'Messages that came from clients, by event',
    labels: ['event'],
  })
  const known = new Set<string>()

  function answer<Schema extends TSchema, Answer extends object>(
    event: string,
    schema: Schema,
    work: (socket: ClientSocket, message: Static<Schema>) => Answer | Promise<Answer>,
  ): (this: ClientSocket, ...sent: unknown[]) => void {
    const validator = Compile(schema)
    known.add(event)
    async function respond(socket: ClientSocket, sent: readonly unknown[]) {
      try {
        const [message] = sent
        for (const one of sent) refuseUnfit(one)
        if (sent.length > 1) throw validationFailed([{ field: '', message: 'must be one' }], 'the message')
        if (!validator.Check(message))
          throw validationFailed(fieldErrors(faultsOf(validator.Errors(message))), 'the message')
        return { ok: true, ...(await work(socket, message)) }
      } catch (error) {
        if (error instanceof AppError) return refusedBy(error)
        log.error({ err: error, event }, 'socket event failed')
        return refusedBy(platformErrors.internal_error())
      }
    }
    return function listen(...sent) {
      messages.inc({ event })
      const acknowledge = takeAcknowledge(sent)
      void respond(this, sent).then((answer) => acknowledge?.(answer))
    }
  }

  function onlyKnown([event, ...sent]: unknown[], next: () => void): void {
    if (known.has(event as string)) return next()
    messages.inc({ event: 'unknown' })
    takeAcknowledge(sent)?.(refusedBy(socketErrors.unknown_event()))
  }

  return { answer, onlyKnown }
}

type Fault = Parameters<typeof fieldErrors>[0][number]

/** TypeBox reports all missing and all unknown members as one fault each, Ajv one by one. */
function faultsOf(errors: readonly (Omit<Fault, 'params'> & { params: object })[]): Fault[] {
  return errors.flatMap((error): Fault[] => {
    const { requiredProperties, additionalProperties } = error.params as ParamsOfMany
    const each =
      requiredProperties?.map((missingProperty) => ({ missingProperty })) ??
      additionalProperties?.map((additionalProperty) => ({ additionalProperty }))
    if (each) return each.map((params) => ({ ...error, params }))
    // It only says of an unknown member that the schema `false` refuses everything.
    return error.keyword === 'boolean' ? [] : [error as Fault]
  })
}

interface ParamsOfMany {
  requiredProperties?: string[]
  additionalProperties?: string[]
}

/** Takes the function that acknowledges from what was sent: it is the last, also when there is no message before it. */
function takeAcknowledge(sent: unknown[]): ((answer: object) => void) | undefined {
  return typeof sent.at(-1) === 'function' ? (sent.pop() as (answer: object) => void) : undefined
}

function refusedBy(error: AppError): Refused {
  return { ...error.extra, ok: false, code: error.code }
}
