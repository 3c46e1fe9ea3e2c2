-- What has become of an invitation: pending | accepted | declined | withdrawn | expired. One whose maker may not make it any more counts as
-- withdrawn.
create or replace function invitation_status(i invitations) returns text
language sql stable as $$
  select case when i.status <> 'pending' or invitation_stands(i) then i.status
    when i.expires_at <= now() then 'expired' else 'withdrawn' end
$$;
