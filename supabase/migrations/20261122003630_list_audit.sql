-- The record of one conversation, page by page, for people to read. Nothing in it is personal.

create function cc_private.audit_for_list(entry public.cc_audit_logs)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', entry.id, 'message_id', entry.message_id, 'event_type', entry.event_type,
    'actor_type', entry.actor_type, 'success', entry.success, 'error_code', entry.error_code,
    'created_at', entry.created_at, 'turn_id', entry.output_redacted ->> 'turn_id',
    'facts', (entry.input_redacted || entry.output_redacted)::text,
    'row', (to_jsonb(entry) || jsonb_build_object(
      'previous_hash', encode(entry.previous_hash, 'hex'), 'hash', encode(entry.hash, 'hex')
    ))::text
  )
$$;

comment on function cc_private.audit_for_list(public.cc_audit_logs) is 'A row of the audit as a list shows it.';
revoke all on function cc_private.audit_for_list(public.cc_audit_logs) from public, anon, authenticated, service_role;

create function public.list_audit(
  conversation_id uuid,
  before_id bigint default null,
  maximum integer default 50
)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  with page as (
    select entry.id, cc_private.audit_for_list(entry) as shown
    from public.cc_audit_logs as entry
    where entry.conversation_id = list_audit.conversation_id
      and entry.id < coalesce(list_audit.before_id, 9223372036854775807)
    order by entry.conversation_id desc, entry.id desc
    limit least(greatest(list_audit.maximum, 1), 200)
  )
  select jsonb_build_object(
    'events', coalesce(jsonb_agg(page.shown order by page.id desc), '[]'),
    'before_id', case when count(*) = least(greatest(list_audit.maximum, 1), 200) then min(page.id) end
  )
  from page
$$;

comment on function public.list_audit(uuid, bigint, integer) is 'A page of a conversations audit before that id, the newest first; before_id is the place of the next page, null at the end. Definer: callers have no grant on any table.';
revoke all on function public.list_audit(uuid, bigint, integer) from public, anon, authenticated;
grant execute on function public.list_audit(uuid, bigint, integer) to service_role;
