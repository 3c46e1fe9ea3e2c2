import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './buildah.ts'

/** A stage of a Dockerfile, with what it has from the stage that it stands on. */
export interface Stage {
  name: string
  /** What it is built on: the name of another stage, or an image. */
  from: string
  user: string
  workingDirectory: string
  environment: Record<string, string>
  ports: number[]
  entrypoint: string[]
  command: string[]
}

/** Every stage of the project's Dockerfile, or of the text given, in order. */
export function readStages(text = readFileSync(join(root, 'Dockerfile'), 'utf8')): Stage[] {
  const stages: Stage[] = []
  for (const [keyword, rest] of instructions(text)) {
    if (keyword === 'FROM') stages.push(newStage(rest, stages))
    const stage = stages.at(-1)
    if (stage !== undefined) apply(stage, keyword, rest)
  }
  return stages
}

/** The stages that are images of production: those that say what they start. */
export const imageTargets = (stages = readStages()): string[] =>
  stages.filter(({ command }) => command.length > 0).map(({ name }) => name)

function instructions(text: string): [keyword: string, rest: string][] {
  const lines = text
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
  return lines.flatMap((line) => {
    const [, keyword = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    return keyword === '' ? [] : [[keyword, rest]]
  })
}

function newStage(rest: string, stages: Stage[]): Stage {
  const [from = '', , name = ''] = rest.split(' ')
  const parent = stages.find((stage) => stage.name === from)
  const empty = { user: '', workingDirectory: '/', environment: {}, ports: [], entrypoint: [], command: [] }
  return { ...structuredClone(parent ?? empty), name, from }
}

function apply(stage: Stage, keyword: string, rest: string): void {
  if (keyword === 'USER') stage.user = rest
  else if (keyword === 'WORKDIR') stage.workingDirectory = rest
  else if (keyword === 'EXPOSE') stage.ports = rest.split(' ').map(Number)
  else if (keyword === 'ENTRYPOINT') stage.entrypoint = JSON.parse(rest) as string[]
  else if (keyword === 'CMD') stage.command = JSON.parse(rest) as string[]
  else if (keyword === 'ENV') {
    for (const [, name = '', quoted, bare = ''] of rest.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g))
      stage.environment[name] = quoted ?? bare
  }
}
