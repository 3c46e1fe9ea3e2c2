import { installCommand } from './go.ts'
import { writeSchemas } from './schemas.ts'
import { tools } from './versions.ts'

/** Everything that the tests of the chart need, into this clone; nothing when it is there. */
export async function installChartTools(): Promise<void> {
  for (const at of Object.values(tools)) await installCommand(at)
  await writeSchemas()
}
