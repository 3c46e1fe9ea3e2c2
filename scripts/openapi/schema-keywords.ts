const words = (list: string) => new Set(list.split(/\s+/))

/** Keywords that say nothing about which values are valid. */
export const annotations = words('$comment deprecated description example examples externalDocs title xml')

const bounds = `exclusiveMaximum exclusiveMinimum maxItems maxLength maxProperties maximum minItems minLength
  minProperties minimum`

/**
 * Keywords that oasdiff compares, by where a schema stands, without those that hold schemas. It says so itself:
 * `oasdiff checks changelog coverage` lists every possible edit of a document.
 */
export const comparedKeywords = {
  body: words(`${bounds} const contentEncoding contentMediaType default dependentRequired discriminator enum format
    maxContains minContains multipleOf pattern readOnly type uniqueItems writeOnly`),
  parameter: words(`${bounds} default enum format pattern type`),
  'part of a parameter': words('enum type'),
  header: words(`${bounds} format type`),
  /** Below a keyword that oasdiff compares by its presence, or not at all. */
  condition: new Set<string>(),
}

export type Standing = keyof typeof comparedKeywords

/** How what is below a schema stands. */
export const standingBelow: Record<Standing, Standing> = {
  body: 'body',
  parameter: 'part of a parameter',
  'part of a parameter': 'part of a parameter',
  header: 'condition',
  condition: 'condition',
}

/** Keywords with a schema of which oasdiff says, in a body, that it came or went, and nothing when its content changes. */
export const conditions = words(
  'contains contentSchema else if propertyNames then unevaluatedItems unevaluatedProperties',
)

/** Keywords with a schema for each name, and with a list of schemas. */
export const schemasByName = words('dependentSchemas patternProperties properties')
export const alternatives = words('anyOf oneOf prefixItems')
