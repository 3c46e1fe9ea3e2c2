-- An order as the API answers it (the schema `Order` of services/orders). The service sends it unchanged, so nothing else filters what
-- is written here, and nothing else writes an order but the lists, which services/orders composes from columns; a test compares
-- them. `payment` is the order's newest payment, or null. p_reader is the user who is answered: only the customer reads the pick-up code, or
-- showing it would prove nothing. It is one expression, so that Postgres inlines it.
create or replace function order_answer(o orders, payment payments, p_reader uuid) returns json
language sql stable as $$
  select json_build_object('id', o.id, 'number', o.number, 'status', o.status, 'version', o.version, 'cafeteriaId', o.cafeteria_id,
    'userId', o.user_id, 'slotId', o.slot_id, 'items', o.items::json, 'totalCents', o.total_cents, 'currency', o.currency,
    'paymentMethod', o.payment_method, 'payment', case when payment.id is not null then json_build_object('id', payment.id,
      'provider', payment.provider, 'status', payment.status, 'amountCents', payment.amount_cents,
      'refundedCents', payment.refunded_cents, 'declineCode', payment.decline_code) end,
    'pickupAt', o.pickup_at, 'pickupUntil', o.pickup_until, 'promisedAt', o.promised_at,
    'pickupCode', case when o.user_id = p_reader then o.pickup_code end,
    'qrPayload', case when o.user_id = p_reader then qr_payload(o) end, 'reason', o.reason, 'deadlineAt', o.deadline_at, 'createdAt', o.created_at,
    'updatedAt', o.updated_at, 'placedAt', o.placed_at, 'acceptedAt', o.accepted_at, 'startedAt', o.started_at,
    'readyAt', o.ready_at, 'closedAt', o.closed_at)
$$;
