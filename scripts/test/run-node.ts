import { spawn } from 'node:child_process'

/** Runs a script of this repository in the foreground. Whether it succeeded. */
export function runNode(file: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file], { stdio: 'inherit' })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code === 0))
  })
}
