-- Records what somebody did to an invitation: create | accept | decline | withdraw.
create or replace function audit_invitation(p_act text, i invitations, p_actor_id uuid, p_request_id text) returns void
language sql volatile as $$
  insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)
  select p_actor_id, 'invitation.' || p_act, 'invitation', i.id::text, i.cafeteria_id,
    case when p_act <> 'create' then shown end, case when p_act = 'create' then shown end, p_request_id
  from (select jsonb_build_object('email', i.email, 'role', i.role) as shown)
$$;
