import { scriptOf } from './script.ts'

export const { options, act, handleSummary } = scriptOf('10-users')
