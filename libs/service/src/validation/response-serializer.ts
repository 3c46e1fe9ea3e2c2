import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import { oncePerSchemas, type SharedSchemas } from './once-per-schemas.ts'

const build = SerializerSelector()

/** Fastify's own serialisers, one for all answers of the same schema: two in three do, and each has copies of what its schema refers to. */
function buildResponseSerializer(schemas: SharedSchemas, options: Parameters<typeof build>[1]) {
  const compile = build(schemas, {
    ...options,
    // What tells the members of a union apart is otherwise made for the first answer that has one, which held a process up for 100 ms.
    compileValidators: true,
  })
  const compiled = new Map<string, ReturnType<typeof compile>>()
  return (route: Parameters<typeof compile>[0]) => {
    const schema = JSON.stringify(route.schema)
    let serialize = compiled.get(schema)
    if (serialize === undefined) compiled.set(schema, (serialize = compile(route)))
    return serialize
  }
}

/** For Fastify: a serialiser for each answer of each route. */
export const responseSerializers = () => oncePerSchemas(buildResponseSerializer)
