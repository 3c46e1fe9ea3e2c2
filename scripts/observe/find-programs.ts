import { sayOnTerminal } from '../../libs/local-stack/src/progress.ts'
import { findOrInstallProgram } from '../../libs/local-stack/src/system/programs.ts'

/** Debian's packages, and what others call their programs. */
const programs = {
  prometheus: ['prometheus'],
  alertmanager: ['prometheus-alertmanager', 'alertmanager'],
  node: ['prometheus-node-exporter', 'node_exporter'],
  postgres: ['prometheus-postgres-exporter', 'postgres_exporter'],
  redis: ['prometheus-redis-exporter', 'redis_exporter'],
  blackbox: ['prometheus-blackbox-exporter', 'blackbox_exporter'],
} satisfies Record<string, [string, ...string[]]>

export type ObserverName = keyof typeof programs

/**
 * The path of each program; what is missing is installed where the machine is a Debian and lets us.
 * @throws one sentence that names the program that is missing
 */
export async function findPrograms(): Promise<Record<ObserverName, string>> {
  const found: Partial<Record<ObserverName, string>> = {}
  // One after the other, because apt runs once at a time.
  for (const [observer, names] of Object.entries(programs)) {
    const [debian = ''] = names
    found[observer as ObserverName] = await findOrInstallProgram(
      {
        names,
        packages: { 'apt-get': debian },
        missing: `This needs ${names.join(' or ')} in PATH: Debian has it as the package ${debian}.`,
      },
      sayOnTerminal,
    )
  }
  return found as Record<ObserverName, string>
}
