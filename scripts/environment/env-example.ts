import type { StackVariable } from '../../libs/local-stack/src/variables.ts'
import type { Configuration } from './configurations.ts'

interface Variable {
  name: string
  default: string | null
  description: string
  required?: boolean
  secret?: boolean
}

const heading = `# Everything comanda reads from the environment, with its default and meaning. All of it is optional on a laptop: copy
# this file to .env and uncomment what should differ. Written by \`make env-example\`; do not edit it by hand.
`

/**
 * The text of .env.example: first the variables of the machine, then those of the services, those that several of them
 * share once.
 */
export function envExample(
  stack: readonly StackVariable[],
  configurations: readonly Configuration[],
): string {
  const sections = [...groupByReaders(configurations)].map(([readers, variables]) =>
    section(readers, variables),
  )
  return [heading, section('make, on this machine', stack), ...sections].join('\n')
}

function groupByReaders(configurations: readonly Configuration[]): Map<string, Variable[]> {
  const readers = new Map<string, { variable: Variable; services: string[] }>()
  for (const { service, variables } of configurations) {
    for (const variable of variables) {
      const key = JSON.stringify(variable)
      const known = readers.get(key)
      if (known) known.services.push(service)
      else readers.set(key, { variable, services: [service] })
    }
  }
  const groups = Map.groupBy(readers.values(), ({ services }) => services.join(', '))
  return new Map(
    [...groups].map(([services, entries]) => [services, entries.map(({ variable }) => variable)]),
  )
}

const section = (title: string, variables: readonly Variable[]) =>
  `## ${title}\n${variables.map(lines).join('')}`

function lines({ name, default: value, description, required, secret }: Variable): string {
  const notes = [
    required && 'Required; `make` sets it.',
    secret && 'Secret: production needs one of its own.',
  ]
  const comment = [`${description}.`, ...notes.filter(Boolean)].join(' ')
  return `\n# ${comment}\n#${name}=${value ?? ''}\n`
}
