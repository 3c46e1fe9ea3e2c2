-- Makes the invited person a member, once. `outcome` is accepted (also when it was before, and they are still a member) | not_found (also for an
-- invitation of another address) | wrong_code | closed. `role` is what they are now: somebody who has become a manager meanwhile stays one.
-- `status` is what became of a closed invitation. Answers to the same invitation wait for one another.
create or replace function accept_invitation(
  p_user_id uuid, p_invitation_id uuid, p_code_hash bytea, p_request_id text,
  out outcome text, out cafeteria_id uuid, out role text, out status text
)
language plpgsql as $$
declare
  i invitations;
  change record;
begin
  select invitations.* into i from invitations join users on users.email = invitations.email
  where invitations.id = p_invitation_id and users.id = p_user_id for update of invitations;
  if not found then
    outcome := 'not_found';
    return;
  elsif i.code_hash <> p_code_hash then
    outcome := 'wrong_code';
    return;
  end if;

  cafeteria_id := i.cafeteria_id;
  if not invitation_stands(i) then
    select m.role into role from memberships m where m.user_id = p_user_id and m.cafeteria_id = i.cafeteria_id;
    outcome := case when i.status = 'accepted' and found then 'accepted' else 'closed' end;
    status := invitation_status(i);
    return;
  end if;

  insert into memberships as m (user_id, cafeteria_id, role) values (p_user_id, i.cafeteria_id, i.role)
  on conflict on constraint memberships_pkey do update set role = case m.role when 'manager' then m.role else excluded.role end
  returning old.role as was, new.role as now into change;
  update invitations set status = 'accepted' where id = i.id;
  perform audit_invitation('accept', i, p_user_id, p_request_id);
  if change.was is distinct from change.now then
    insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)
    values (p_user_id, case when change.was is null then 'membership.create' else 'membership.update' end, 'membership',
      i.cafeteria_id || '/' || p_user_id, i.cafeteria_id,
      case when change.was is not null then jsonb_build_object('role', change.was) end,
      jsonb_build_object('role', change.now), p_request_id);
  end if;
  outcome := 'accepted';
  role := change.now;
end $$;
