export { createEventWake, type EventWake } from './event-wake.ts'
export { listenForWakes, type WakeListener } from './listen-for-wakes.ts'
