-- Raises the version of a user's roles with each change of a membership. A token carries the version that its roles were read with, in
-- the same statement, so that one that is older than the roles is known for it.
create or replace function raise_roles_version() returns trigger
language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.role = new.role then return null; end if;
  update users set roles_version = roles_version + 1, roles_changed_at = now()
  where id in (old.user_id, new.user_id);
  return null;
end $$;

drop trigger if exists memberships_roles_version on memberships;
create trigger memberships_roles_version after insert or update or delete on memberships
  for each row execute function raise_roles_version();
