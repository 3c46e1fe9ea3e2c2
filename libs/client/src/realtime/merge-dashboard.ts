import type { DashboardChange } from '@comanda/events'
import type { Dashboard } from '../rest/generated/types.gen.ts'

/** The dashboard with what has changed since it was read. A change of another day, or one that is older, leaves it as it is. */
export function mergeDashboard(dashboard: Dashboard, change: DashboardChange | undefined): Dashboard {
  if (change === undefined || change.day !== dashboard.to || isOlder(change, dashboard)) return dashboard
  const { asOf, summary, statuses } = change
  return { ...dashboard, asOf, summary, statuses }
}

function isOlder(change: DashboardChange, { asOf }: Dashboard): boolean {
  return asOf !== null && Date.parse(change.asOf) < Date.parse(asOf)
}

/** The date that clocks of a time zone show now, as 2026-11-23. */
export function dayIn(timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv', { timeZone }).format(new Date())
}
