import { sql } from 'kysely'
import { cents, count, id, text } from './columns.ts'
import { ofPeriod, type Report } from './report.ts'

export const products: Report = {
  path: 'products',
  operationId: 'getProductsReport',
  summary: 'Which products were sold in each period, those that brought most first',
  description:
    'A unit counts on the day on which its order was placed, and is lost on the day on which that was rejected or cancelled. Amounts are prices with modifiers. A product that was neither sold nor lost in a period has no row there.',
  answer: 'ProductsReport',
  columns: [
    id('productId', 'The product'),
    text('name', 'As it is called now'),
    count('quantity', 'Units in placed orders'),
    cents('grossCents', 'What they came to'),
    count('lostQuantity', 'Units in placed orders that were rejected or cancelled'),
    cents('lostCents', 'What these came to'),
    cents('salesCents', 'What is left of the gross amount without the lost one'),
  ],
  rows: {
    columns: sql`d.product_id, coalesce(product.name, '') as name, d.quantity, d.gross_cents, d.lost_quantity, d.lost_cents,
      d.gross_cents - d.lost_cents as sales_cents`,
    from: sql`
      cross join lateral (
        select product_id, sum(quantity)::bigint as quantity, sum(cents)::bigint as gross_cents,
          sum(lost_quantity)::bigint as lost_quantity, sum(lost_cents)::bigint as lost_cents
        from rollup_products where ${ofPeriod}
        group by product_id
      ) d
      left join products product on product.id = d.product_id`,
    order: sql`d.gross_cents desc, d.product_id`,
  },
}
