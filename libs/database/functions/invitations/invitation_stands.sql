-- Whether an invitation can be accepted: nobody has answered or withdrawn it, it has not expired, the cafeteria exists, and whoever made
-- it may still make it. So a manager who is removed leaves no way back in.
create or replace function invitation_stands(i invitations) returns boolean
language sql stable as $$
  select i.status = 'pending' and i.expires_at > now()
    and exists (select from cafeterias c where c.id = i.cafeteria_id and c.deleted_at is null)
    and exists (
      select from users u
      left join memberships m on m.user_id = u.id and m.cafeteria_id = i.cafeteria_id and m.role = 'manager'
      where u.id = i.invited_by and (u.is_admin or (i.role = 'staff' and m.user_id is not null))
    )
$$;
