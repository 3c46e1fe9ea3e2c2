/** The trace id of a W3C `traceparent` header (version 00), or undefined when there is none or it is not valid. */
export function traceIdOf(traceparent: string | string[] | undefined): string | undefined {
  if (typeof traceparent !== 'string') return undefined
  const traceId = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/.exec(traceparent)?.[1]
  return traceId === undefined || /^0+$/.test(traceId) ? undefined : traceId
}
