export { AppError, type AppErrorOptions } from './app-error.ts'
export { defineErrors, describeError, type ErrorDescription } from './catalogue.ts'
