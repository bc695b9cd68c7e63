-- Erasing a person. The first call begins; it and the following ones empty the messages, some thousands at a
-- time; the removal job goes on when the caller does not.

create function cc_private.messages_to_erase(conversation_ids uuid[])
returns setof uuid
language sql
stable
set search_path = ''
as $$
  select message.id
  from public.cc_messages as message
  where message.conversation_id = any (conversation_ids)
    and (
      message.erased_at is null
      -- Those that the retention has emptied still have their addresses.
      or case message.direction when 'inbound' then message.from_address else message.to_address end <> 'erased'
    )
$$;

comment on function cc_private.messages_to_erase(uuid[]) is 'The messages of an erased person which still say something.';
revoke all on function cc_private.messages_to_erase(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.end_erasure(customer_id uuid, conversation_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation_id uuid;
begin
  update public.cc_customers as customer
  set emptied_at = clock_timestamp()
  where customer.id in (select cc_private.customer_family(end_erasure.customer_id))
    and customer.emptied_at is null;
  if not found then
    return;
  end if;
  -- Without a conversation it is recorded in the chain that has none.
  foreach conversation_id in array
    case when conversation_ids = '{}' then array[null::uuid] else conversation_ids end
  loop
    perform cc_private.append_audit(conversation_id, cc_private.audit_event('customer_erased', 'human'));
  end loop;
end;
$$;

comment on function cc_private.end_erasure(uuid, uuid[]) is 'Records, once in each conversation, that its customer is erased.';
revoke all on function cc_private.end_erasure(uuid, uuid[]) from public, anon, authenticated, service_role;

create function cc_private.ring_for_deletions()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (select from cc_private.file_deletions as deletion where deletion.due_at <= clock_timestamp()) then
    perform cc_private.ring_function('media');
  end if;
exception when others then
  null; -- The sweep rings again, and says what keeps it from ringing.
end;
$$;

comment on function cc_private.ring_for_deletions() is 'Has files deleted that are to go; never raises.';
revoke all on function cc_private.ring_for_deletions() from public, anon, authenticated, service_role;

create function cc_private.erase_some(customer_id uuid, maximum integer)
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation_ids uuid[] := cc_private.lock_family(customer_id);
  remaining bigint;
begin
  if conversation_ids is null then
    return jsonb_build_object('outcome', 'erasing');
  end if;
  perform cc_private.begin_erasure(customer_id, conversation_ids);
  perform cc_private.empty_messages(
    array(select cc_private.messages_to_erase(conversation_ids) limit maximum),
    customer_id
  );

  remaining := (select count(*) from cc_private.messages_to_erase(conversation_ids));
  if remaining > 0 then
    return jsonb_build_object('outcome', 'erasing', 'remaining', remaining);
  end if;
  perform cc_private.end_erasure(customer_id, conversation_ids);
  return jsonb_build_object('outcome', 'erased', 'remaining', 0);
end;
$$;

comment on function cc_private.erase_some(uuid, integer) is 'Begins or goes on with an erasure, by up to so many messages: outcome erased or erasing.';
revoke all on function cc_private.erase_some(uuid, integer) from public, anon, authenticated, service_role;

create function public.erase_customer(customer_id uuid, maximum integer default 5000)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '6s'
set lock_timeout = '2s'
as $$
declare
  erased jsonb;
begin
  if not exists (select from public.cc_customers as customer where customer.id = erase_customer.customer_id) then
    return jsonb_build_object('outcome', 'not_found');
  end if;
  erased := cc_private.erase_some(customer_id, least(greatest(maximum, 1), 10000));
  perform cc_private.ring_for_deletions();
  return erased || jsonb_build_object('remaining_files', (
    select count(*)
    from cc_private.file_deletions as deletion
    where deletion.customer_id in (select cc_private.customer_family(erase_customer.customer_id))
  ));
end;
$$;

comment on function public.erase_customer(uuid, integer) is 'Erases a person for good: outcome erased; erasing with the number of remaining messages, to be called again; or not_found. Files go afterwards: remaining_files counts them. Raises PT409 while a message is on its way or in doubt. Definer: callers have no grant on any table.';
revoke all on function public.erase_customer(uuid, integer) from public, anon, authenticated;
grant execute on function public.erase_customer(uuid, integer) to service_role;
