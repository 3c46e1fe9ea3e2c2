import { installDashboardCheck } from './dashboard-check.ts'
import { installCommand } from './go.ts'
import { writeSchemas } from './schemas.ts'
import { monitoringTools, tools } from './versions.ts'

/** Everything that the tests of the chart need, into this clone; nothing when it is there. */
export async function installChartTools(): Promise<void> {
  for (const at of Object.values(tools)) await installCommand(at)
  await installMonitoringTools()
  await writeSchemas()
}

/** What checks rules, routes and dashboards, into this clone; nothing when it is there. */
export async function installMonitoringTools(): Promise<void> {
  for (const at of Object.values(monitoringTools)) await installCommand(at)
  await installDashboardCheck()
}
