/**
 * Where this API decides differently from oasdiff, by the id of its check (`oasdiff checks changelog` lists them with
 * their own levels). `err` fails `make check`, `warn` is printed, `info` is passed over.
 */
export const severities: Record<string, 'err' | 'warn' | 'info'> = {
  // Bodies are closed, so a request with a property that is gone is refused.
  'request-property-removed': 'err',
  // A client counts on what a parameter does: an idempotency key that nobody reads places an order twice.
  'request-parameter-removed': 'err',
  // A generated client calls an operation by its name.
  'api-operation-id-removed': 'err',
  // Clients read what is documented, whether it is promised to be there or not.
  'response-optional-property-removed': 'err',
  'optional-response-header-removed': 'err',
  // Clients branch on the status of an error, and retry some of them.
  'response-non-success-status-removed': 'err',
  // Whoever leaves the property out gets another behaviour.
  'request-body-default-value-changed': 'err',
  'request-body-default-value-removed': 'err',
  'request-parameter-default-value-changed': 'err',
  'request-parameter-default-value-removed': 'err',
  'request-property-default-value-changed': 'err',
  'request-property-default-value-removed': 'err',
  // Whether another pattern accepts less cannot be decided here.
  'request-parameter-pattern-changed': 'err',
  'request-property-pattern-changed': 'err',
  // A generated client chooses the branch by this property.
  'request-body-discriminator-property-name-changed': 'err',
  'request-body-discriminator-mapping-deleted': 'err',
  'request-property-discriminator-property-name-changed': 'err',
  'request-property-discriminator-mapping-deleted': 'err',
  'response-body-discriminator-property-name-changed': 'err',
  'response-body-discriminator-mapping-deleted': 'err',
  'response-body-discriminator-removed': 'err',
  'response-property-discriminator-property-name-changed': 'err',
  'response-property-discriminator-mapping-deleted': 'err',
  'response-property-discriminator-removed': 'err',
  // A client has to cope with a value that it does not know, as with a new status of an order, but somebody should know.
  'response-mediatype-enum-value-added': 'warn',
  'response-property-enum-value-added': 'warn',
}
