-- What leads on the trace of the request in which an event happened (W3C traceparent), from events.request_id; null when that was not
-- traced.
create or replace function traceparent_of(p_request_id text) returns text
language sql immutable as $$
  select '00-' || nullif(split_part(p_request_id, ' 00-', 2), '')
$$;
