import { setTimeout as wait } from 'node:timers/promises'
import type { Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { createSpanQueue } from './span-queue.ts'
import type { TracingOptions } from './tracing.ts'

/** How long a collector has for one batch, with all attempts. */
const exportMilliseconds = 5000
/** A stop may not wait longer for a collector that does not answer. */
const closeMilliseconds = 2000

/** Makes the tracer of a process, which sends its spans to a URL in the background. */
export function openTracer({ name, config, log, metrics, url }: TracingOptions & { url: string }): {
  tracer: Tracer
  close: () => Promise<void>
} {
  const serviceName = config.OTEL_SERVICE_NAME ?? name
  const provider = new TracerProvider({
    resource: detectResources({ detectors: [resourceAttributesEnvDetector] }).merge(
      resourceFromAttributes({ 'service.namespace': 'comanda', 'service.name': serviceName }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG) }),
    spanProcessors: [
      createSpanQueue({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: exportMilliseconds }),
        exportMilliseconds,
        log,
        metrics,
      }),
    ],
  })
  return {
    tracer: provider.getTracer('comanda'),
    async close() {
      const closed = provider.shutdown().catch((err) => log.debug({ err }, 'the last traces were not sent'))
      await Promise.race([closed, wait(closeMilliseconds, undefined, { ref: false })])
    },
  }
}
