import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse } from 'yaml'
import { programOf } from '../../scripts/charts/go.ts'
import { monitoringTools } from '../../scripts/charts/versions.ts'
import { root } from './chart.ts'
import { alerts } from './rules/read-rules.ts'

const file = join(root, 'compose/alertmanager.yaml')
const config = parse(readFileSync(file, 'utf8'), { merge: true })

async function amtool(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(programOf(monitoringTools.amtool), args)
  return stdout.trim()
}

/** The receivers of an alert with these labels, in order. */
async function receiversOf(labels: Record<string, string>): Promise<string[]> {
  const given = Object.entries(labels).map(([label, value]) => `${label}=${value}`)
  return (await amtool('config', 'routes', 'test', `--config.file=${file}`, ...given)).split(',')
}

t.test('Alertmanager takes its file', async (t) => {
  t.match(await amtool('check-config', file), 'SUCCESS')
})

const bySeverity: Record<string, string[]> = { critical: ['on-call'], warning: ['chat'], info: [] }

for (const team of ['api', 'database', 'deployment', 'infrastructure']) {
  t.test(`what is the ${team} team’s goes there, and on by how urgent it is`, async (t) => {
    for (const [severity, first] of Object.entries(bySeverity))
      t.same(await receiversOf({ severity, team }), [...first, `${team}-team`], severity)
  })
}

t.test('every alert of the chart is told to its team', async (t) => {
  const kinds = new Map(alerts.map(({ labels }) => [JSON.stringify(labels), labels]))
  for (const labels of kinds.values())
    t.same(await receiversOf(labels), [
      ...(bySeverity[labels['severity'] ?? ''] ?? []),
      `${labels['team']}-team`,
    ])
})

t.test('what is critical goes to chat, mail and pager, and a warning to chat alone', async (t) => {
  const waysOf = (name: string) =>
    Object.keys(config.receivers.find((receiver: { name: string }) => receiver.name === name))
      .filter((key) => key !== 'name')
      .toSorted()
  t.same(waysOf('on-call'), ['email_configs', 'pagerduty_configs', 'slack_configs'])
  t.same(waysOf('chat'), ['slack_configs'])
})

t.test('that an alert is over is told to people once: in the chat', async (t) => {
  const told = config.receivers.flatMap((receiver: Record<string, any>) =>
    Object.entries(receiver)
      .filter(([key]) => key !== 'name')
      .flatMap(([key, ways]) => ways.map((way: object) => ({ receiver: receiver['name'], key, ...way }))),
  )
  t.ok(told.length >= 8)
  for (const { receiver, key, send_resolved } of told)
    t.equal(send_resolved, key !== 'email_configs', `${receiver} ${key}`)
})

t.test(
  'what is critical holds back warnings and infos of its team, and a warning holds back infos',
  async (t) => {
    t.same(config.inhibit_rules, [
      {
        source_matchers: ['severity = critical'],
        target_matchers: ['severity =~ "warning|info"'],
        equal: ['namespace', 'team'],
      },
      {
        source_matchers: ['severity = warning'],
        target_matchers: ['severity = info'],
        equal: ['namespace', 'team'],
      },
    ])
  },
)

t.test('the guide for a cluster makes every secret that the file reads', async (t) => {
  const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8')
  const namesIn = (text: string, pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].toSorted()
  const made = /^kubectl .* create secret generic alertmanager-ways (.*)$/m.exec(guide)?.[1] ?? ''
  const read = namesIn(readFileSync(file, 'utf8'), /\/etc\/alertmanager\/secrets\/([\w-]+)$/gm)
  t.equal(read.length, 3)
  t.same(namesIn(made, /--from-file=([\w-]+)/g), read)
})

t.test('no secret is in the file', async (t) => {
  t.notMatch(readFileSync(file, 'utf8'), /\b(api_url|routing_key|service_key|auth_password|url|password):/)
})
