export {
  type CatalogueChanges,
  type CatalogueChangesDependencies,
  createCatalogueChanges,
  type StockChange,
} from './catalogue-changes.ts'
