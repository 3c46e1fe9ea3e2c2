-- Invites whoever has an email address, or will have an account with it, to work at a cafeteria. A pending invitation of the same address
-- is replaced, with its code. `outcome` is invited | no_cafeteria | forbidden (only administrators invite managers, or replace their
-- invitations) | already_member. It does not depend on whether there is an account with the address, unless it is that of a member.
create or replace function invite_member(
  p_cafeteria_id uuid, p_email text, p_role text, p_code_hash bytea, p_actor_id uuid, p_may_change_managers boolean, p_request_id text,
  out outcome text, out invitation invitations
)
language plpgsql as $$
declare
  change record;
begin
  if not exists (select from cafeterias where id = p_cafeteria_id and deleted_at is null) then
    outcome := 'no_cafeteria';
  elsif p_role <> 'staff' and not p_may_change_managers then
    outcome := 'forbidden';
  elsif exists (
    select from memberships m join users u on u.id = m.user_id where m.cafeteria_id = p_cafeteria_id and u.email = p_email
  ) then
    outcome := 'already_member';
  end if;
  if outcome is not null then
    return;
  end if;

  insert into invitations as i (cafeteria_id, email, role, code_hash, invited_by, expires_at)
  values (p_cafeteria_id, p_email, p_role, p_code_hash, p_actor_id, now() + interval '14 days')
  on conflict (cafeteria_id, email) where status = 'pending' do update set
    id = excluded.id, role = excluded.role, code_hash = excluded.code_hash, invited_by = excluded.invited_by,
    created_at = excluded.created_at, expires_at = excluded.expires_at
    where i.role = 'staff' or p_may_change_managers or not invitation_stands(i)
  returning old as replaced, new as made into change;
  if not found then
    outcome := 'forbidden';
    return;
  end if;
  outcome := 'invited';
  invitation := change.made;
  if (change.replaced).id is not null then
    perform audit_invitation('withdraw', change.replaced, p_actor_id, p_request_id);
  end if;
  perform audit_invitation('create', invitation, p_actor_id, p_request_id);
end $$;
