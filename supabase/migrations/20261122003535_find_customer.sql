-- Whose data it is, and how much there is: what is asked before somebody is erased or exported.

create function public.find_customer(address text, provider text default 'twilio')
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select case when known.customer_id is null
    then jsonb_build_object('outcome', 'not_found')
    else jsonb_build_object('outcome', 'found', 'customer_id', known.customer_id)
  end
  from (
    select max(found.customer_id::text) as customer_id
    from public.cc_customer_addresses as found
    where found.provider = find_customer.provider
      and found.channel = any (array['whatsapp', 'sms'])
      and found.address = find_customer.address
  ) as known
$$;

comment on function public.find_customer(text, text) is 'The customer with this address: outcome found with the customer_id, or not_found. Definer: callers have no grant on any table.';
revoke all on function public.find_customer(text, text) from public, anon, authenticated;
grant execute on function public.find_customer(text, text) to service_role;

create function public.count_customer_data(customer_id uuid)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '6s'
set lock_timeout = '2s'
as $$
  with conversation as (
    select unnest(cc_private.family_conversations(count_customer_data.customer_id)) as id
  )
  select jsonb_build_object(
    'customers', (select count(*) from cc_private.customer_family(count_customer_data.customer_id)),
    'addresses', (select count(*) from cc_private.family_addresses(count_customer_data.customer_id)),
    'conversations', (select count(*) from conversation),
    'messages', (
      select count(*)
      from cc_private.messages_to_erase(array(select conversation.id from conversation))
    ),
    'files', (
      select count(*)
      from conversation
      join public.cc_messages as message on message.conversation_id = conversation.id
      join public.cc_media as media on media.message_id = message.id
    ),
    'rejected_webhooks', (
      select count(*)
      from cc_private.rejected_webhooks_of(array(
        select known.address from cc_private.family_addresses(count_customer_data.customer_id) as known
      ))
    )
  )
$$;

comment on function public.count_customer_data(uuid) is 'How much is kept of a person: customers, addresses, conversations, messages that are not emptied, files, rejected webhooks. Definer: callers have no grant on any table.';
revoke all on function public.count_customer_data(uuid) from public, anon, authenticated;
grant execute on function public.count_customer_data(uuid) to service_role;
