import { spawn } from 'node:child_process'

/**
 * Runs a script of this repository in the foreground. Whether it succeeded.
 * @param env variables that differ from those of this process
 */
export function runNode(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code === 0))
  })
}
