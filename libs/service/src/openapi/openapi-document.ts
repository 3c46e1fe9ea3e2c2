/** The parts of an OpenAPI 3.1 document that are read here. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string; description?: string }
  paths: Record<string, Record<string, OpenApiOperation>>
  components: {
    schemas: Record<string, object>
    /** Answers that many operations have in common. */
    responses?: Record<string, OpenApiResponse>
    securitySchemes: Record<string, object>
  }
}

export interface OpenApiOperation {
  operationId: string
  summary: string
  parameters?: OpenApiParameter[]
  requestBody?: { required?: boolean; content: Record<string, { schema: DocumentSchema }> }
  responses: Record<string, OpenApiResponse>
  security?: Record<string, string[]>[]
  'x-access'?: string
}

export interface OpenApiParameter {
  in: string
  name: string
  required?: boolean
  schema: DocumentSchema
  style?: string
  explode?: boolean
}

/** Either a reference to a common one or, with a description, a response of its own. */
export interface OpenApiResponse {
  $ref?: string
  description?: string
  headers?: Record<string, object>
  content?: Record<string, { schema: DocumentSchema; 'x-error-codes'?: string[] }>
  /** The codes that a problem of this status has. */
  'x-error-codes'?: string[]
}

/** The parts of JSON Schema that are rewritten. */
export interface DocumentSchema {
  $ref?: string
  type?: string
  description?: string
  properties?: Record<string, DocumentSchema>
  enum?: unknown[]
  anyOf?: DocumentSchema[]
  items?: DocumentSchema
}
