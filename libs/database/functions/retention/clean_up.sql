-- Deletes what no longer serves anybody, at most p_limit rows of each kind. Returns how many were deleted.
create or replace function clean_up(p_limit integer) returns integer
language sql volatile as $$
  with old_keys as (
    delete from idempotency_keys where ctid = any (array(
      select ctid from idempotency_keys where created_at < now() - interval '24 hours'
      order by created_at limit p_limit for update skip locked))
    returning 1
  ), old_sessions as (
    -- Their refresh tokens are deleted with them.
    delete from sessions where id = any (array(
      select id from sessions where expires_at < now() order by expires_at limit p_limit for update skip locked))
    returning 1
  ), old_events as (
    delete from provider_events where ctid = any (array(
      select ctid from provider_events where received_at < now() - interval '30 days'
      order by received_at limit p_limit for update skip locked))
    returning 1
  ), old_invitations as (
    delete from invitations where id = any (array(
      select id from invitations where expires_at < now() - interval '30 days'
      order by expires_at limit p_limit for update skip locked))
    returning 1
  ), old_quotes as (
    -- For an hour they are called expired, and not unknown.
    delete from quotes where id = any (array(
      select id from quotes where expires_at < now() - interval '1 hour'
      order by expires_at limit p_limit for update skip locked))
    returning 1
  )
  select (select count(*) from old_keys)::integer + (select count(*) from old_sessions)::integer
    + (select count(*) from old_events)::integer + (select count(*) from old_invitations)::integer
    + (select count(*) from old_quotes)::integer
$$;
