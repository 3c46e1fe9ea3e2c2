import { parse, stringify } from 'yaml'

interface Receiver {
  name: string
  [ways: string]: string | { send_resolved?: boolean }[]
}
interface AlertmanagerConfig {
  global?: object
  route: { group_wait: string; group_interval: string }
  receivers: Receiver[]
}

/**
 * The file of compose with all its routes, whose receivers tell a webhook instead of chat, mail and pager: `url/<receiver>/<way>`, such as
 * `url/on-call/slack`. What is told of an alert that is over stays as it is.
 * @param quick waits a second where the file waits longer
 */
export function alertmanagerForWebhook(text: string, url: string, { quick = false } = {}): string {
  const { global: _secrets, ...config } = parse(text, { merge: true }) as AlertmanagerConfig
  if (quick) Object.assign(config.route, { group_wait: '1s', group_interval: '1s' })
  const receivers = config.receivers.map((receiver) => ({
    name: receiver.name,
    webhook_configs: Object.entries(receiver).flatMap(([key, ways]) =>
      typeof ways === 'string'
        ? []
        : ways.map(({ send_resolved = true }) => ({
            url: `${url}/${receiver.name}/${key.replace('_configs', '')}`,
            send_resolved,
          })),
    ),
  }))
  return stringify({ ...config, receivers })
}
