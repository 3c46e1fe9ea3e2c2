-- What is published to the gateways about an event: all of it, its order as it is now, and what leads on its trace, or null.
create or replace view relayed_orders as
select f.cafeteria_id, f.seq, f.event_id, o.user_id,
  jsonb_build_object('orderId', e.order_id, 'version', e.version, 'type', e.type, 'actorRole', e.actor_role,
    'reason', e.reason, 'at', e.at) as event,
  jsonb_build_object('id', o.id, 'number', o.number, 'status', o.status, 'version', o.version, 'cafeteriaId', o.cafeteria_id,
    'pickupAt', o.pickup_at, 'promisedAt', o.promised_at, 'reason', o.reason, 'deadlineAt', o.deadline_at,
    'updatedAt', o.updated_at) as "order",
  traceparent_of(e.request_id) as traceparent
from feed f
join events e on e.id = f.event_id
join orders o on o.id = e.order_id;
