import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

interface Schema {
  description?: string
  type?: string | string[]
  enum?: unknown[]
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  patternProperties?: Record<string, Schema>
  anyOf?: Schema[]
  items?: Schema
  $ref?: string
  $defs?: Record<string, Schema>
}

const introduction = `# Values of the chart

What every value of [charts/comanda](../charts/comanda/values.yaml) means, with its default. \`make charts-docs\` writes this
page from \`values.schema.json\`, which refuses what is not in here. \`values-dev.yaml\` and \`values-production.yaml\` are
presets on top. A component has every key of \`defaults\`, and says only what differs.
`

export const readValues = () =>
  parse(readFileSync(join(import.meta.dirname, '../../charts/comanda/values.yaml'), 'utf8')) as Values
type Values = Record<string, unknown>

/** Markdown: a table per top-level key, a row per value, in the order of the schema. */
export function valuesPage(schema: Schema, values: Values): string {
  const sections = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const rows =
      name === 'components' ? componentRows(values) : rowsOf([name], resolve(property), values[name])
    const title = resolve(property).description ?? ''
    return `## ${name}\n\n${title}\n\n| value | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
  })
  return [introduction, ...sections].join('\n')

  function resolve(of: Schema): Schema {
    if (!of.$ref) return of
    const { $ref, ...own } = of
    return { ...schema.$defs?.[$ref.replace('#/$defs/', '')], ...own }
  }

  function rowsOf(path: string[], of: Schema, value: unknown): string[] {
    if (!of.properties) return [row(path.join('.'), typeOf(of), value, of.description ?? '')]
    return Object.entries(of.properties).flatMap(([name, property]) =>
      rowsOf([...path, name], resolve(property), (value as Values | undefined)?.[name]),
    )
  }

  function typeOf(of: Schema): string {
    if (of.enum) return of.enum.map((one) => `\`${String(one)}\``).join(', ')
    if (of.anyOf) return of.anyOf.map((one) => typeOf(resolve(one))).join(' or ')
    if (of.items) return `list of ${typeOf(resolve(of.items))}`
    const [entry] = Object.values(of.patternProperties ?? [of.additionalProperties])
    if (typeof entry === 'object') return `map of ${typeOf(resolve(entry))}`
    return String(of.type ?? 'any')
  }
}

/** What the chart's components say that differs from the defaults. */
function componentRows(values: Values): string[] {
  const components = values['components'] as Record<string, Values>
  return Object.entries(components).map(([name, own]) =>
    row(`components.${name}`, 'as `defaults`', own, 'What differs from the defaults'),
  )
}

function row(path: string, type: string, value: unknown, meaning: string): string {
  const shown = value === undefined ? '' : `\`${JSON.stringify(value).replaceAll('|', '\\|')}\``
  return `| \`${path}\` | ${type} | ${shown} | ${meaning.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`
}
