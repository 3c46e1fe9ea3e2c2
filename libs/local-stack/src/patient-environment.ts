/**
 * The time-outs of services under test: far longer than a busy machine needs, and shorter than a test runner waits, so that none of
 * them decides a result. A test of a time-out sets it itself.
 */
export const patientEnvironment = {
  DATABASE_CONNECT_SECONDS: '60',
  DATABASE_STATEMENT_SECONDS: '60',
  DATABASE_REPORT_SECONDS: '60',
  DATABASE_MAX_LAG_SECONDS: '60',
  HANDLER_TIMEOUT_SECONDS: '240',
  REQUEST_TIMEOUT_SECONDS: '120',
  SHUTDOWN_DEADLINE_SECONDS: '120',
  HEALTH_TIMEOUT_MS: '60000',
  REDIS_COMMAND_TIMEOUT_MS: '20000',
  PAYMENT_TIMEOUT_SECONDS: '60',
  // Compiling many schemas at the start holds the event loop of a busy machine, which is no overload.
  OVERLOAD_EVENT_LOOP_DELAY_MS: '0',
}
