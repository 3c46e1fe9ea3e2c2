import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../../..')
export const ruleFiles = globSync(join(root, 'charts/comanda/rules/*.yaml')).toSorted()
export const alertTestFiles = globSync(join(import.meta.dirname, 'alerts/*.yaml')).toSorted()

export interface Rule {
  expr: string
  /** The name of what is recorded; undefined for an alert. */
  record?: string
  alert?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}
export interface Alert extends Rule {
  alert: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

interface RuleFile {
  groups: { name: string; rules: Rule[] }[]
}

/** Every rule of the chart, in the order of its file. */
export const rules: readonly Rule[] = ruleFiles.flatMap((file) =>
  (parse(readFileSync(file, 'utf8')) as RuleFile).groups.flatMap((group) => group.rules),
)
export const alerts = rules.filter((rule): rule is Alert => rule.alert !== undefined)
export const recorded = rules.flatMap(({ record }) => record ?? [])

export interface AlertTest {
  alertname: string
  exp_alerts: object[]
}

/** What promtool is to find, by alert. */
export const alertTests: readonly AlertTest[] = alertTestFiles.flatMap((file) =>
  (parse(readFileSync(file, 'utf8')) as { tests: { alert_rule_test: AlertTest[] }[] }).tests.flatMap(
    (test) => test.alert_rule_test,
  ),
)

/** The name of an alert's runbook: `api-slow` of `ApiSlow`. */
export const runbookName = (alert: string) =>
  alert.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
