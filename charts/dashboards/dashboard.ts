import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { datasource, type lines, type values } from './panels.ts'

type Panel = ReturnType<typeof lines> | ReturnType<typeof values>

export interface DashboardOptions {
  /** The last part of its address, and the name of its file. */
  name: string
  title: string
  description: string
  /** From top to bottom. */
  rows: readonly { title: string; panels: readonly Panel[] }[]
}

/** A dashboard as Grafana stores it, to be written as JSON. */
export function dashboard({ name, title, description, rows }: DashboardOptions): object {
  // oxlint-disable-next-line typescript/no-deprecated -- files and sidecars of every Grafana since version 10 provision this model
  const builder = new DashboardBuilder(`Comanda: ${title}`)
    .uid(`comanda-${name}`)
    .description(description)
    .tags(['comanda'])
    .timezone('browser')
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .link(
      new DashboardLinkBuilder('Comanda')
        .type(DashboardLinkType.Dashboards)
        .tags(['comanda'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
    .withVariable(valuesOf('namespace', 'Installation', 'label_values(service_build_info, namespace)'))
  if (rows.some(({ panels }) => panels.some(choosesService))) {
    const query = 'label_values(service_build_info{namespace="$namespace"}, container)'
    const every = { selected: true, text: ['All'], value: ['$__all'] }
    builder.withVariable(valuesOf('service', 'Service', query).multi(true).includeAll(true).current(every))
  }
  let id = 0
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title).id((id += 1)))
    for (const panel of row.panels) builder.withPanel(panel.id((id += 1)))
  }
  return builder.build()
}

const valuesOf = (name: string, label: string, query: string) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the order in which a variable offers its values
    .sort(VariableSort.AlphabeticalAsc)

const choosesService = (panel: Panel) => JSON.stringify(panel.build()).includes('$service')
