import { loadConfig, port } from '@comanda/service'
import { Type } from 'typebox'
import { sandboxWebhookSecret } from './configured-sandbox.ts'

export const sandboxConfigSchema = Type.Object({
  NODE_ENV: Type.Union([Type.Literal('development'), Type.Literal('test')], {
    default: 'development',
    description: 'The payment sandbox does not start in production',
  }),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  PORT: port(3009, 'Port of the payment sandbox'),
  PAYMENT_SANDBOX_JOURNAL: Type.Optional(
    Type.String({ description: 'File in which the payment sandbox remembers; nothing is kept when not set' }),
  ),
  PAYMENT_SANDBOX_WEBHOOK_URL: Type.String({
    default: 'http://127.0.0.1:3001/v1/provider-webhooks/sandbox',
    pattern: '^https?://',
    description: 'Where the payment sandbox sends its webhooks',
  }),
  PAYMENT_SANDBOX_WEBHOOK_SECRET: sandboxWebhookSecret,
  PAYMENT_SANDBOX_LATE_SECONDS: Type.Number({
    default: 3,
    minimum: 0,
    description: 'When the payment sandbox decides about tok_late',
  }),
  PAYMENT_SANDBOX_ANSWER_SECONDS: Type.Number({
    default: 15,
    minimum: 0,
    description: 'How long the payment sandbox lets tok_timeout wait for its answer',
  }),
})

/** Reads the sandbox's configuration from the environment. @throws Error that names every bad variable */
export function readSandboxConfig() {
  return loadConfig(sandboxConfigSchema)
}
