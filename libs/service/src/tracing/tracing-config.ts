import { type Static, Type } from 'typebox'

const url = (description: string) => Type.Optional(Type.String({ pattern: '^https?://', description }))

/**
 * The environment variables of tracing, by the names that OpenTelemetry gives them. The exporter itself reads its further ones, such as
 * `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_RESOURCE_ATTRIBUTES`.
 */
export const tracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: url(
    'URL of an OpenTelemetry collector, which gets traces by OTLP over HTTP at /v1/traces below it; nothing is traced when not set',
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url(
    'Whole URL for traces, in place of the one that follows from OTEL_EXPORTER_OTLP_ENDPOINT',
  ),
  OTEL_SERVICE_NAME: Type.Optional(
    Type.String({
      description: 'Name of the service in traces; orders, worker, analytics or realtime when not set',
    }),
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description:
      'Share of requests that are traced, from 0 to 1; one that comes with a trace does as that says',
  }),
}

const schema = Type.Object(tracingConfig)
export type TracingConfig = Static<typeof schema>

/** Where traces are sent; undefined when tracing is off. */
export function tracesUrl(config: TracingConfig): string | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: whole } = config
  return whole ?? (base === undefined ? undefined : `${base.replace(/\/$/, '')}/v1/traces`)
}
