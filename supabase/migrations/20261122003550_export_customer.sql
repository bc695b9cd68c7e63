-- All that is kept of one person, for the person: page by page, each with the place where the next one
-- begins. First everything that is little, then the messages in order, then the rejected webhooks.

create function cc_private.person_for_export(customer_id uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(entry.row::text), '[]')
  from (
    select jsonb_build_object('kind', 'customer') || to_jsonb(customer) as row
    from public.cc_customers as customer
    where customer.id in (select cc_private.customer_family(person_for_export.customer_id))
    union all
    select jsonb_build_object('kind', 'address') || to_jsonb(known)
    from cc_private.family_addresses(person_for_export.customer_id) as known
    union all
    select jsonb_build_object('kind', 'conversation') || to_jsonb(conversation)
    from public.cc_conversations as conversation
    where conversation.customer_id in (select cc_private.customer_family(person_for_export.customer_id))
    union all
    select jsonb_build_object('kind', 'verification') || to_jsonb(verification)
      - '{challenge_id,code_hash,earlier_hashes,target_hash,parts,parts_seq,parts_at}'::text[]
    from public.cc_verifications as verification
    where verification.conversation_id
      = any (cc_private.family_conversations(person_for_export.customer_id))
  ) as entry
$$;

comment on function cc_private.person_for_export(uuid) is 'A person''s customers, addresses, conversations and verifications, each as JSON text.';
revoke all on function cc_private.person_for_export(uuid) from public, anon, authenticated, service_role;

create function cc_private.message_for_export(message public.cc_messages)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object('kind', 'message') || to_jsonb(message) || jsonb_build_object(
    'turn', (select to_jsonb(turn) from public.cc_turns as turn where turn.id = message.turn_id),
    'media', (
      select coalesce(jsonb_agg(to_jsonb(media) order by media.position), '[]')
      from public.cc_media as media
      where media.message_id = message.id
    ),
    'tool_calls', (
      select coalesce(jsonb_agg(to_jsonb(call) - 'arguments_hash' order by call.created_at, call.id), '[]')
      from public.cc_tool_calls as call
      where call.first_message_id = message.id
    )
  )
$$;

comment on function cc_private.message_for_export(public.cc_messages) is 'A message with its turn, its files and the calls of tools that it led to.';
revoke all on function cc_private.message_for_export(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.messages_for_export(customer_id uuid, after jsonb, maximum integer)
returns setof public.cc_messages
language sql
stable
set search_path = ''
as $$
  -- One conversation after the other, each by its own index: a page costs what it holds.
  select message.*
  from unnest(cc_private.family_conversations(messages_for_export.customer_id)) as conversation (id)
  cross join lateral (
    select page.*
    from public.cc_messages as page
    where page.conversation_id = conversation.id
      and page.seq > case
        when conversation.id = (after ->> 'conversation_id')::uuid then (after ->> 'seq')::bigint else 0
      end
    order by page.seq
    limit messages_for_export.maximum
  ) as message
  where conversation.id >= coalesce((after ->> 'conversation_id')::uuid, cc_private.nil_id())
  order by message.conversation_id, message.seq
  limit messages_for_export.maximum
$$;

comment on function cc_private.messages_for_export(uuid, jsonb, integer) is 'The next messages of a person after that one.';
revoke all on function cc_private.messages_for_export(uuid, jsonb, integer) from public, anon, authenticated, service_role;

create function cc_private.webhooks_for_export(customer_id uuid, after jsonb, maximum integer)
returns setof public.cc_rejected_webhooks
language sql
stable
set search_path = ''
as $$
  select rejected.*
  from cc_private.rejected_webhooks_of(array(
    select known.address from cc_private.family_addresses(webhooks_for_export.customer_id) as known
  )) as rejected
  where rejected.id > coalesce((after ->> 'id')::uuid, cc_private.nil_id())
  order by rejected.id
  limit webhooks_for_export.maximum
$$;

comment on function cc_private.webhooks_for_export(uuid, jsonb, integer) is 'The next rejected webhooks of a person after that one.';
revoke all on function cc_private.webhooks_for_export(uuid, jsonb, integer) from public, anon, authenticated, service_role;

create function public.export_customer(customer_id uuid, after text default null, maximum integer default 500)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
set statement_timeout = '6s'
set lock_timeout = '2s'
as $$
declare
  page_size integer := least(greatest(maximum, 1), 1000);
  place jsonb := after::jsonb;
  page jsonb;
  next jsonb;
begin
  if not exists (select from public.cc_customers as customer where customer.id = export_customer.customer_id) then
    return jsonb_build_object('outcome', 'not_found');
  elsif place is null then
    page := cc_private.person_for_export(customer_id);
    next := jsonb_build_object('kind', 'message');
  elsif place ->> 'kind' = 'message' then
    select
      jsonb_agg(cc_private.message_for_export(message)::text),
      (jsonb_agg(jsonb_build_object(
        'kind', 'message', 'conversation_id', message.conversation_id, 'seq', message.seq
      )) -> -1)
    into page, next
    from cc_private.messages_for_export(customer_id, place, page_size) as message;
    next := coalesce(next, jsonb_build_object('kind', 'rejected_webhook'));
  else
    select
      jsonb_agg((jsonb_build_object('kind', 'rejected_webhook') || to_jsonb(rejected))::text),
      (jsonb_agg(jsonb_build_object('kind', 'rejected_webhook', 'id', rejected.id)) -> -1)
    into page, next
    from cc_private.webhooks_for_export(customer_id, place, page_size) as rejected;
  end if;
  -- As text: the names inside are the customer's and Twilio's own, and nobody on the way may change them.
  return jsonb_build_object('outcome', 'exported', 'rows', coalesce(page, '[]'), 'after', next::text);
end;
$$;

comment on function public.export_customer(uuid, text, integer) is 'A page of all that is kept of a person: outcome exported with rows, each a JSON text (kind customer, address, conversation, verification, message with its turn, media and tool_calls, rejected_webhook) and after, the place of the next page, null at the end; or not_found. Definer: callers have no grant on any table.';
revoke all on function public.export_customer(uuid, text, integer) from public, anon, authenticated;
grant execute on function public.export_customer(uuid, text, integer) to service_role;
