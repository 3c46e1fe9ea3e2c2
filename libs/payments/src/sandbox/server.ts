import { readSandboxConfig } from './config.ts'
import { createSandbox } from './sandbox.ts'

const config = readSandboxConfig()
const sandbox = createSandbox({
  journal: config.PAYMENT_SANDBOX_JOURNAL ?? null,
  webhookUrl: config.PAYMENT_SANDBOX_WEBHOOK_URL,
  webhookSecret: config.PAYMENT_SANDBOX_WEBHOOK_SECRET,
  lateMilliseconds: config.PAYMENT_SANDBOX_LATE_SECONDS * 1000,
  answerMilliseconds: config.PAYMENT_SANDBOX_ANSWER_SECONDS * 1000,
  retryMilliseconds: 500,
  logger: { level: 'info' },
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void sandbox.close())
await sandbox.listen({ host: config.HOST, port: config.PORT })
