-- Raises the version of a user's roles when the user becomes an administrator or ceases to be one, so that older tokens are refused.
create or replace function raise_admin_version() returns trigger
language plpgsql as $$
begin
  new.roles_version := old.roles_version + 1;
  new.roles_changed_at := now();
  return new;
end $$;

drop trigger if exists users_admin_version on users;
create trigger users_admin_version before update of is_admin on users
  for each row when (old.is_admin is distinct from new.is_admin) execute function raise_admin_version();
