import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './dashboard.ts'
import { lines, values } from './panels.ts'
import { chosenNamespace, perSecond, quantile } from './queries.ts'

const perMinute = (query: string) => `60 * ${query}`
const recorded = (name: string) => `${name}{${chosenNamespace}}`

export const business = dashboard({
  name: 'business',
  title: 'business',
  description:
    'Orders, payments and customers of all cafeterias. Managers see each cafeteria in the analytics of the API.',
  rows: [
    {
      title: 'At a glance',
      panels: [
        values({
          title: 'Orders a minute',
          description: 'Orders that are placed or wait for their payment.',
          unit: units.Short,
          queries: { orders: perMinute(recorded('orders:created:rate5m')) },
        }),
        values({
          title: 'Accepted a minute',
          description: 'Orders that a kitchen, or the cafeteria’s setting, accepts.',
          unit: units.Short,
          queries: { accepted: perMinute(recorded('orders:accepted:rate5m')) },
        }),
        values({
          title: 'Collected a minute',
          description: 'Orders that customers pick up.',
          unit: units.Short,
          queries: { collected: perMinute(recorded('orders:completed:rate5m')) },
        }),
        values({
          title: 'Payments that succeed',
          description:
            'Share of payments and top-ups that are authorised. Declined cards count as not authorised.',
          unit: units.PercentUnit,
          queries: { authorised: recorded('payments:authorized:ratio_rate5m') },
          limits: { yellow: 0.95, red: 0.9 },
          lowIsBad: true,
        }),
        values({
          title: 'Active customers',
          description: 'Customers who have placed an order within five minutes.',
          unit: units.Short,
          queries: { customers: `max(customers_active{${chosenNamespace}, window="5m"})` },
        }),
        values({
          title: 'Places where money differs',
          description:
            'What the last check of the ledger found. BalancesWrong fires for anything above zero.',
          unit: units.Short,
          queries: { differences: `max(balance_problems{${chosenNamespace}})` },
          limits: { red: 1 },
        }),
      ],
    },
    {
      title: 'Orders',
      panels: [
        lines({
          title: 'Orders by how they are paid',
          description: 'Orders a minute, by card and by wallet.',
          unit: units.Short,
          queries: {
            '{{payment_method}}': perMinute(
              perSecond(`orders_created_total{${chosenNamespace}}`, 'payment_method'),
            ),
          },
          stacked: true,
        }),
        lines({
          title: 'Orders by the status they come to',
          description:
            'Moves a minute: from placed to collected in the usual case, otherwise to how an order ended.',
          unit: units.Short,
          queries: {
            '{{status}}': perMinute(perSecond(`orders_moved_total{${chosenNamespace}}`, 'status')),
          },
        }),
        lines({
          title: 'Who moves orders',
          description: 'Moves a minute by role. “system” is a timer, a rule or a payment provider.',
          unit: units.Short,
          queries: {
            '{{actor_role}}': perMinute(perSecond(`orders_moved_total{${chosenNamespace}}`, 'actor_role')),
          },
          stacked: true,
        }),
        lines({
          title: 'From placed to ready',
          description: 'Half and 90% of orders are ready within it.',
          unit: units.Seconds,
          queries: {
            p50: quantile(0.5, 'order_time_to_ready_seconds', chosenNamespace),
            p90: quantile(0.9, 'order_time_to_ready_seconds', chosenNamespace),
          },
        }),
      ],
    },
    {
      title: 'Money',
      panels: [
        lines({
          title: 'Payments by outcome',
          description:
            'Payments and top-ups a minute. “declined” is what a bank says; “failed” and “unknown” are ours to explain.',
          unit: units.Short,
          queries: {
            '{{provider}} {{outcome}}': perMinute(
              perSecond(`payments_total{${chosenNamespace}}`, 'provider', 'outcome'),
            ),
          },
        }),
        lines({
          title: 'Refunds by outcome',
          description: 'Refunds to cards a minute. Wallets are refunded at once, in the same statement.',
          unit: units.Short,
          queries: {
            '{{provider}} {{outcome}}': perMinute(
              perSecond(`refunds_total{${chosenNamespace}}`, 'provider', 'outcome'),
            ),
          },
        }),
      ],
    },
    {
      title: 'Customers',
      panels: [
        lines({
          title: 'Customers with an order',
          description: 'Customers who have placed an order within five minutes, and within a day.',
          unit: units.Short,
          queries: { 'within {{window}}': `max by (window) (customers_active{${chosenNamespace}})` },
        }),
        lines({
          title: 'Screens and phones that are connected',
          description: 'Sockets of each gateway.',
          unit: units.Short,
          queries: { '{{instance}}': `sockets_connected{${chosenNamespace}}` },
          stacked: true,
        }),
      ],
    },
  ],
})
