export { isTerminal, legalMoves, type MoveName, moves, type Party, timeouts } from './order-status.ts'
