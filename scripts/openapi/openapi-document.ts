/** The parts of an OpenAPI 3.1 document that the scripts of this folder read. */
export interface OpenApiDocument {
  paths?: Record<string, Record<string, Operation>>
  components?: { schemas?: Components; responses?: Record<string, Response> }
}

export interface Operation {
  operationId?: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content?: Content }
  responses?: Record<string, Response>
  /** The least role that may call it, as libs/service writes it. */
  'x-access'?: string
}

export interface Parameter {
  name: string
  in: string
  required?: boolean
  schema?: Schema
}

export interface Response {
  /** Where the response stands that several operations have in common. */
  $ref?: string
  headers?: Record<string, { schema?: Schema }>
  content?: Content
  /** The codes of the problems that come with this status, as libs/service writes them. */
  'x-error-codes'?: string[]
}

export type Content = Record<string, { schema?: Schema }>

export type Components = Record<string, Schema>

/** A JSON Schema; any keyword may be in it. */
export interface Schema {
  $ref?: string
  properties?: Record<string, Schema>
  required?: string[]
  enum?: unknown[]
  allOf?: Schema[]
  [keyword: string]: unknown
}
