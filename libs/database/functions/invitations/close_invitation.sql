-- Ends a pending invitation without a membership: p_status is declined, by the person p_user_id who is invited, or withdrawn, by somebody who manages the
-- cafeteria p_cafeteria_id. `outcome` is closed (also when it was before, in the same way) | not_found | forbidden (only administrators
-- withdraw the invitations of managers) | answered, and then `status` says how.
create or replace function close_invitation(
  p_invitation_id uuid, p_status text, p_actor_id uuid, p_cafeteria_id uuid, p_may_change_managers boolean, p_request_id text,
  out outcome text, out status text
)
language plpgsql as $$
declare
  i invitations;
begin
  select invitations.* into i from invitations
  where id = p_invitation_id and case p_status
    when 'declined' then email = (select email from users where users.id = p_actor_id)
    else invitations.cafeteria_id = p_cafeteria_id end
  for update;
  if not found then
    outcome := 'not_found';
  elsif p_status = 'withdrawn' and i.role <> 'staff' and not p_may_change_managers then
    outcome := 'forbidden';
  elsif i.status = 'pending' then
    update invitations set status = p_status where id = i.id;
    perform audit_invitation(case p_status when 'declined' then 'decline' else 'withdraw' end, i, p_actor_id, p_request_id);
    outcome := 'closed';
  elsif i.status = p_status then
    outcome := 'closed';
  else
    outcome := 'answered';
    status := i.status;
  end if;
end $$;
