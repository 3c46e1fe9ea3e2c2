export type SharedSchemas = Record<string, object>

/**
 * Fastify has the compiler of schemas built for each route anew, once a schema is shared. Routes with the same shared schemas share one compiler here: a
 * hundred copies of the validator took 16 MB, and much of the time of a start.
 */
export function oncePerSchemas<Options extends unknown[], Compiler>(
  build: (schemas: SharedSchemas, ...options: Options) => Compiler,
): typeof build {
  let latest: { schemas: SharedSchemas; compiler: Compiler } | undefined
  return (schemas, ...options) => {
    if (latest === undefined || !haveSameMembers(latest.schemas, schemas))
      latest = { schemas, compiler: build(schemas, ...options) }
    return latest.compiler
  }
}

function haveSameMembers(some: SharedSchemas, others: SharedSchemas): boolean {
  const names = Object.keys(some)
  return names.length === Object.keys(others).length && names.every((name) => some[name] === others[name])
}
