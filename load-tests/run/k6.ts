import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { RunSettings } from './settings.ts'

/** The k6 on the path of whoever runs this; null: there is none. It is never installed here, because of its licence. */
export function findK6(env: NodeJS.ProcessEnv): string | null {
  const places = (env['PATH'] ?? '').split(delimiter).filter((place) => place !== '')
  return places.map((place) => join(place, 'k6')).find(isProgram) ?? null
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Exit code of k6 when a threshold was crossed. */
const thresholdsCrossed = 99

/**
 * Has k6 do a scenario. It writes the summaries itself.
 * @returns whether all objectives were kept
 * @throws when k6 failed for another reason; it has said why
 */
export async function runK6(
  program: string,
  { scenario, directory }: Pick<RunSettings, 'scenario' | 'directory'>,
  { worldFile, seconds }: { worldFile: string; seconds: number },
): Promise<boolean> {
  const script = join(import.meta.dirname, `../k6/${scenario.name}.ts`)
  const child = spawn(program, ['run', '--no-usage-report', '--address=', script], {
    stdio: 'inherit',
    env: {
      ...process.env,
      WORLD: worldFile,
      SUMMARIES: directory,
      SECONDS: String(seconds),
      LATENCY: scenario.objectives.latency,
    },
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0 && code !== thresholdsCrossed) throw new Error(`k6 ended with ${code ?? 'a signal'}`)
  return code === 0
}
