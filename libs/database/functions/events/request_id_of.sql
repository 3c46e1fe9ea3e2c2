-- The id of the request in which an event happened, from events.request_id, which also holds the trace of a request that is traced.
create or replace function request_id_of(p_request_id text) returns text
language sql immutable as $$
  select split_part(p_request_id, ' 00-', 1)
$$;
