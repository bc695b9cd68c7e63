-- A message that has been emptied is a tombstone: its id, its MessageSid, its signature, its seq, its
-- states and its times stay, so that every repeat still meets it. Nothing fills it again.

create function cc_private.bare_kind(body_json jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select case when body_json ->> 'kind' ~ '^[a-z][a-z_]{0,39}$'
    then jsonb_build_object('kind', body_json ->> 'kind') else '{}'
  end
$$;

comment on function cc_private.bare_kind(jsonb) is 'What a tombstone keeps of a payload: its kind.';
revoke all on function cc_private.bare_kind(jsonb) from public, anon, authenticated, service_role;

create function cc_private.keep_emptied()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  new.erased_at := old.erased_at;
  new.body_text := '';
  new.body_json := cc_private.bare_kind(old.body_json);
  new.error_code := cc_private.printable_code(new.error_code);
  new.error_message := null;
  -- An erasure comes after the retention, and takes the addresses as well.
  new.from_address := case when new.from_address = 'erased' then 'erased' else old.from_address end;
  new.to_address := case when new.to_address = 'erased' then 'erased' else old.to_address end;
  return new;
end;
$$;

comment on function cc_private.keep_emptied() is 'Lets nothing but states and times change in a message that was emptied: whoever writes, a late callback too.';
revoke all on function cc_private.keep_emptied() from public, anon, authenticated, service_role;

create trigger keep_emptied
  before update on public.cc_messages
  for each row when (old.erased_at is not null)
  execute function cc_private.keep_emptied();

create function cc_private.empty_turns(turn_ids uuid[])
returns void
language sql
volatile
set search_path = ''
as $$
  update public.cc_turns as turn
  set last_error_message = null,
    last_error_code = cc_private.printable_code(turn.last_error_code),
    silent_reason = case
      when turn.silent_reason !~ '^[a-z][a-z_]{0,39}$' then 'erased' else turn.silent_reason
    end
  where turn.id = any (empty_turns.turn_ids)
    and (
      turn.last_error_message is not null
      or turn.last_error_code !~ '^[A-Za-z0-9_]{1,60}$'
      or turn.silent_reason !~ '^[a-z][a-z_]{0,39}$'
    )
$$;

comment on function cc_private.empty_turns(uuid[]) is 'Takes the words of others out of these turns: what a vendor or a model said.';
revoke all on function cc_private.empty_turns(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.empty_messages(message_ids uuid[], erased_customer_id uuid default null)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  emptied_turns uuid[];
  emptied_count bigint;
begin
  -- Whatever else is ever kept of a message's words is removed here, too.
  perform cc_private.delete_media(message_ids, erased_customer_id);
  perform cc_private.forget_what_agents_kept(message_ids);

  with emptied as (
    update public.cc_messages as message
    set erased_at = clock_timestamp(), body_text = '', body_json = cc_private.bare_kind(message.body_json),
      error_code = cc_private.printable_code(message.error_code), error_message = null,
      from_address = case
        when erased_customer_id is not null and message.direction = 'inbound' then 'erased'
        else message.from_address
      end,
      to_address = case
        when erased_customer_id is not null and message.direction = 'outbound' then 'erased'
        else message.to_address
      end
    where message.id = any (empty_messages.message_ids)
    returning message.turn_id
  )
  select count(*), array_agg(distinct emptied.turn_id) into emptied_count, emptied_turns from emptied;
  perform cc_private.empty_turns(emptied_turns);
  return emptied_count;
end;
$$;

comment on function cc_private.empty_messages(uuid[], uuid) is 'Makes tombstones of messages, with their files, the error texts of their turns and what agents kept of them; for an erased customer the addresses go as well. Called under the conversation''s lock; gives their number.';
revoke all on function cc_private.empty_messages(uuid[], uuid) from public, anon, authenticated, service_role;

create function cc_private.is_emptied(turn public.cc_turns)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select exists (
      select
      from public.cc_messages as message
      where message.turn_id = turn.id and message.direction = 'inbound' and message.erased_at is not null
    )
  );
end;
$$;

comment on function cc_private.is_emptied(public.cc_turns) is 'Whether messages of this turn were emptied, so that nobody can answer them any more.';
revoke all on function cc_private.is_emptied(public.cc_turns) from public, anon, authenticated, service_role;

-- The planner keeps samples of what a column holds, and an erasure does not reach them: no samples are
-- taken of what is personal. These columns are read by key, or not searched at all.
alter table public.cc_customers alter column name set statistics 0;
alter table public.cc_customer_addresses alter column address set statistics 0;
alter table public.cc_conversations alter column provider_conversation_id set statistics 0;
alter table public.cc_turns
  alter column last_error_message set statistics 0, alter column silent_reason set statistics 0;
alter table public.cc_messages
  alter column from_address set statistics 0, alter column to_address set statistics 0,
  alter column body_text set statistics 0, alter column body_json set statistics 0,
  alter column error_message set statistics 0;
alter table public.cc_media alter column url set statistics 0;
