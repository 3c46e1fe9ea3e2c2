export { cafeteriaIds } from './campus/cafeterias.ts'
export { type DemoAccount, demoAccounts, demoBalanceCents } from './campus/demo-accounts.ts'
export { type CampusOptions, seedCampus } from './campus.ts'
export { type HistoryOptions, seedHistory, seedLaterHistory } from './history.ts'
