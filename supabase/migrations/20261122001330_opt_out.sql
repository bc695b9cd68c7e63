-- A customer who wants no messages gets none, until they want some again: what waits for an answer stays
-- without, what is ready is refused.

create function cc_private.is_opted_out(conversation_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select customer.opted_out_at is not null
    from public.cc_conversations as conversation
    join public.cc_customers as customer on customer.id = conversation.customer_id
    where conversation.id = is_opted_out.conversation_id
  );
end;
$$;

comment on function cc_private.is_opted_out(uuid) is 'Whether the conversation''s customer wants no messages.';
revoke all on function cc_private.is_opted_out(uuid) from public, anon, authenticated, service_role;

create function cc_private.silence_waiting_turns(conversation_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  silenced_id uuid;
begin
  for silenced_id in
    update public.cc_turns as turn
    set state = 'silent', silent_reason = 'opted_out', due_at = null, finished_at = clock_timestamp()
    where turn.conversation_id = silence_waiting_turns.conversation_id
      and turn.state in ('pending', 'retrying')
    returning turn.id
  loop
    perform cc_private.append_audit(silence_waiting_turns.conversation_id, cc_private.audit_event(
      'turn_answered', output => jsonb_build_object('turn_id', silenced_id, 'reason', 'opted_out')
    ));
  end loop;
end;
$$;

comment on function cc_private.silence_waiting_turns(uuid) is 'Ends the turns that wait, since their customer wants no answer any more.';
revoke all on function cc_private.silence_waiting_turns(uuid) from public, anon, authenticated, service_role;

create function cc_private.opt_out_customer(message public.cc_messages, reason text)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_customers as customer
  set opted_out_at = coalesce(message.provider_created_at, clock_timestamp())
  from public.cc_conversations as conversation
  where conversation.id = message.conversation_id
    and customer.id = conversation.customer_id
    and customer.opted_out_at is null;
  if not found then
    return false;
  end if;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'customer_opted_out', message_id => message.id,
    output => jsonb_build_object('reason', opt_out_customer.reason)
  ));
  perform cc_private.silence_waiting_turns(message.conversation_id);
  return true;
end;
$$;

comment on function cc_private.opt_out_customer(public.cc_messages, text) is 'From now on the customer gets nothing, and what waits for an answer stays without; false when it was so already. Called under the conversation''s lock.';
revoke all on function cc_private.opt_out_customer(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.opt_in_customer(message public.cc_messages, reason text)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_customers as customer
  set opted_out_at = null, opted_in_at = coalesce(message.provider_created_at, clock_timestamp())
  from public.cc_conversations as conversation
  where conversation.id = message.conversation_id
    and customer.id = conversation.customer_id
    and customer.opted_out_at is not null;
  if not found then
    return false;
  end if;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'customer_opted_in', message_id => message.id,
    output => jsonb_build_object('reason', opt_in_customer.reason)
  ));
  return true;
end;
$$;

comment on function cc_private.opt_in_customer(public.cc_messages, text) is 'The customer gets messages again; false when nothing forbade it. Called under the conversation''s lock.';
revoke all on function cc_private.opt_in_customer(public.cc_messages, text) from public, anon, authenticated, service_role;

create function cc_private.heed_blocked_send(message public.cc_messages, error_code text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  opted_in_at timestamptz;
begin
  if heed_blocked_send.error_code is distinct from '21610' then
    return;
  end if;
  select customer.opted_in_at into opted_in_at
  from public.cc_conversations as conversation
  join public.cc_customers as customer on customer.id = conversation.customer_id
  where conversation.id = message.conversation_id;
  -- A late word about what was sent before the customer came back says nothing of today.
  if coalesce(coalesce(message.send_claimed_at, message.provider_created_at) >= opted_in_at, true) then
    perform cc_private.opt_out_customer(message, 'twilio_error');
  end if;
end;
$$;

comment on function cc_private.heed_blocked_send(public.cc_messages, text) is 'Twilio''s 21610 means that the customer has opted out with Twilio: then with us as well.';
revoke all on function cc_private.heed_blocked_send(public.cc_messages, text) from public, anon, authenticated, service_role;
