export { legalMoves, type MoveName, moves, type Party, timeouts } from './moves.ts'
export {
  closedStatuses,
  fellThroughStatuses,
  type OrderStatus,
  openStatuses,
  orderStatuses,
  soldStatuses,
  unstartedStatuses,
} from './order-status.ts'
