import { scriptOf } from './script.ts'

export const { options, act, handleSummary } = scriptOf('sockets')
