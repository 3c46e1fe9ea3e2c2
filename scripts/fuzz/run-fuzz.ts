import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { FuzzedService } from './fleet.ts'
import type { FuzzCaller, FuzzOutcome } from './outcome.ts'

const root = join(import.meta.dirname, '../..')

/** The folder for what the runs write. */
export const fuzzDirectory = join(root, '.comanda/fuzz')

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
  'documented_error_code',
]

export interface FuzzRun {
  caller: FuzzCaller
  /** The service at `url`, whose document says what to call. */
  service: FuzzedService
  /** How long; null makes one valid call of each operation instead, however long that takes. */
  seconds: number | null
  seed: number
  url: string
  supplyUrl: string
  /** With which `python3` finds schemathesis. */
  python: { PATH: string; PYTHONPATH: string }
}

/**
 * Fuzzes every operation of a document: valid and invalid calls, and such that follow links from answer to answer.
 * @throws with the end of what schemathesis says when it left nothing behind
 */
export async function runFuzz(run: FuzzRun): Promise<FuzzOutcome> {
  mkdirSync(fuzzDirectory, { recursive: true })
  const outcome = join(fuzzDirectory, `${run.service}-${run.caller}.json`)
  const log = join(fuzzDirectory, `${run.service}-${run.caller}.log`)
  rmSync(outcome, { force: true })
  const succeeded = await runSchemathesis(run, { outcome, log })
  if (!existsSync(outcome)) throw new Error(`schemathesis failed:\n${readFileSync(log, 'utf8').slice(-4000)}`)
  const written = JSON.parse(readFileSync(outcome, 'utf8')) as Omit<
    FuzzOutcome,
    'service' | 'succeeded' | 'log'
  >
  return { ...written, service: run.service, succeeded, log }
}

function runSchemathesis(run: FuzzRun, files: { outcome: string; log: string }): Promise<boolean> {
  const options = [
    `--url=${run.url}`,
    `--checks=${checks.join()}`,
    ...(run.seconds === null
      ? ['--phases=examples']
      : ['--phases=coverage,fuzzing,stateful', `--max-time=${Math.round(run.seconds)}`]),
    `--seed=${run.seed}`,
    // Python's parser, which hypothesis uses, fails now and then when two threads use it.
    '--workers=1',
    // Nothing here is a secret, and curl lines need their tokens.
    '--output-sanitize=false',
    // Every request of a scenario is judged, not only those before the first fault.
    '--continue-on-failure',
    // The supply answers differently each time, so a case cannot be made smaller by repeating it.
    '--no-shrink',
    // How long it takes to make data on a busy machine says nothing about the service.
    '--suppress-health-check=all',
    '--generation-database=none',
    // Everybody but nobody brings a token, and nobody brings some that are none.
    `--generation-with-security-parameters=${run.caller === 'nobody'}`,
    '--request-timeout=300',
    '--warnings=off',
    '--no-color',
  ]
  const config = ['--config-file', join(root, 'scripts/fuzz/schemathesis.toml')]
  const document = join(root, 'services', run.service, 'openapi.json')
  const child = spawn('python3', ['-m', 'schemathesis.cli', ...config, 'run', document, ...options], {
    cwd: fuzzDirectory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...run.python,
      PYTHONPATH: [run.python.PYTHONPATH, import.meta.dirname].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      FUZZ_CALLER: run.caller,
      FUZZ_SUPPLY: run.supplyUrl,
      FUZZ_SEED: String(run.seed),
      FUZZ_OUTCOME: files.outcome,
      SCHEMATHESIS_HOOKS: join(root, 'scripts/fuzz/hooks.py'),
    },
  })
  const log = createWriteStream(files.log)
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => log.end(() => resolve(code === 0)))
  })
}
