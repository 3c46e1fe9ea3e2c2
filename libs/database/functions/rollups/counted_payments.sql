-- What became of the payments of orders, as rollup_payments counts it. A wallet pays when its order is placed, and free orders are not paid.
create or replace view counted_payments as
select e.id, e.cafeteria_id, e.at,
  date_at(e.at, zone) as day,
  coalesce(e.data ->> 'method', e.data ->> 'payment_method') as method,
  case
    when e.type = 'order.placed' then 'captured'
    when e.type = 'refund.succeeded' then 'refunded'
    when e.type = 'refund.failed' then 'refund_failed'
    -- The provider may also fail to capture what it had authorised.
    when e.type = 'payment.failed' and exists (
      select from events earlier
      where earlier.order_id = e.order_id and earlier.id < e.id and earlier.type = 'payment.authorized'
        and earlier.data ->> 'payment_id' = e.data ->> 'payment_id'
    ) then 'capture_failed'
    else substr(e.type, 9)
  end as outcome,
  coalesce(e.data ->> 'amount_cents', e.data ->> 'total_cents')::bigint as cents
from events e
cross join lateral time_zone_at(e.cafeteria_id, e.at) zone
where case e.type
  when 'order.placed' then e.data ->> 'payment_method' = 'wallet' and (e.data ->> 'total_cents')::bigint > 0
  else e.type in ('payment.authorized', 'payment.declined', 'payment.failed', 'payment.captured', 'payment.voided',
    'refund.succeeded', 'refund.failed')
end;
