export { documentService } from './document-service.ts'
export {
  closeServiceDependencies,
  openServiceDependencies,
  type ServiceDependencies,
} from './open-dependencies.ts'
export { runService } from './run-service.ts'
