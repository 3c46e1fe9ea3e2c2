import {
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import {
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

/** The Prometheus that is chosen on the dashboard. Grafana and the strict check know by the type which keys a query may have. */
export const datasource = { type: 'prometheus', uid: '${datasource}' }

export interface PanelOptions {
  title: string
  /** What somebody who sees it for the first time needs: what is measured, what is usual, what is a reason to look closer. */
  description: string
  unit: string
  /** PromQL by the legend of its series, in which `{{label}}` is the value of a label. */
  queries: Readonly<Record<string, string>>
  /** How many of the 24 columns of a dashboard it takes. */
  width?: number
  /** Where a value becomes yellow, and where red. The red one is the limit of an alert, where there is one. */
  limits?: { yellow?: number; red: number }
  /** What is red is below the limits, not above. */
  lowIsBad?: boolean
}

export interface LineOptions extends PanelOptions {
  /** Series are parts of a whole, and drawn on top of each other. */
  stacked?: boolean
  max?: number
  /** The axis begins at zero otherwise. */
  mayBeNegative?: boolean
}

/** Series over time. */
export function lines(options: LineOptions) {
  const panel = new TimeSeriesBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(datasource)
    .unit(options.unit)
    .height(8)
    .span(options.width ?? 12)
    .fillOpacity(options.stacked ? 40 : 8)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the order of the series in a tooltip
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .targets(targetsOf(options))
  if (!options.mayBeNegative) panel.min(0)
  if (options.max !== undefined) panel.max(options.max)
  if (options.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
  if (options.limits) {
    panel.thresholds(thresholdsOf(options))
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed))
  }
  return panel
}

/** The newest value of each series as a number, with its course behind it. */
export const values = (options: PanelOptions) =>
  new StatBuilder()
    .title(options.title)
    .description(options.description)
    .datasource(datasource)
    .unit(options.unit)
    .height(4)
    .span(options.width ?? 4)
    .graphMode(BigValueGraphMode.Area)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
    .thresholds(thresholdsOf(options))
    .targets(targetsOf(options))

const targetsOf = ({ queries }: PanelOptions) =>
  Object.entries(queries).map(([legend, expr], index) =>
    new DataqueryBuilder()
      .refId(String.fromCodePoint('A'.charCodeAt(0) + index))
      .datasource(datasource)
      .expr(expr)
      .legendFormat(legend)
      .range(),
  )

function thresholdsOf({ limits, lowIsBad = false }: PanelOptions): ThresholdsConfigBuilder {
  const steps: Threshold[] = [{ value: null, color: lowIsBad && limits ? 'red' : 'green' }]
  if (limits && lowIsBad) {
    steps.push({ value: limits.red, color: limits.yellow === undefined ? 'green' : 'yellow' })
    if (limits.yellow !== undefined) steps.push({ value: limits.yellow, color: 'green' })
  } else if (limits) {
    if (limits.yellow !== undefined) steps.push({ value: limits.yellow, color: 'yellow' })
    steps.push({ value: limits.red, color: 'red' })
  }
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps)
}
