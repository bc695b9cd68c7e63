-- A bucket of messages for each customer. Whoever empties it is still heard: the message is stored, and
-- answered when the bucket has filled again.

create function cc_private.remaining_allowance(customer public.cc_customers, settings public.cc_settings)
returns double precision
language sql
volatile
set search_path = ''
as $$
  select least(
    settings.customer_burst_messages,
    coalesce(customer.remaining_messages, settings.customer_burst_messages)
      + coalesce(extract(epoch from clock_timestamp() - customer.remaining_messages_at), 0)
        / 60 * settings.customer_messages_per_minute
  )
$$;

comment on function cc_private.remaining_allowance(public.cc_customers, public.cc_settings) is 'How full the customer''s bucket is now.';
revoke all on function cc_private.remaining_allowance(public.cc_customers, public.cc_settings) from public, anon, authenticated, service_role;

create function cc_private.take_allowance(customer_id uuid)
returns interval
language sql
volatile
set search_path = ''
as $$
  -- It may go as far below zero as it is deep, so that the wait has an end too.
  update public.cc_customers as customer
  set remaining_messages = greatest(
      -settings.customer_burst_messages, cc_private.remaining_allowance(customer, settings) - 1
    ),
    remaining_messages_at = clock_timestamp()
  from public.cc_settings as settings
  where customer.id = take_allowance.customer_id
  returning greatest(0, -customer.remaining_messages)
    / settings.customer_messages_per_minute * interval '1 minute'
$$;

comment on function cc_private.take_allowance(uuid) is 'Counts a message of the customer; how long its answer must wait, zero within the limit.';
revoke all on function cc_private.take_allowance(uuid) from public, anon, authenticated, service_role;

create function cc_private.limit_customer(message public.cc_messages, customer_id uuid, wait interval)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  notice text;
begin
  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    'customer_rate_limited', message_id => message.id,
    output => jsonb_build_object('due_in_ms', ceil(extract(epoch from wait) * 1000))
  ));

  update public.cc_customers as customer
  set rate_limit_notified_at = clock_timestamp()
  from public.cc_settings as settings
  where customer.id = limit_customer.customer_id
    and settings.rate_limit_notice_text is not null
    and coalesce(customer.rate_limit_notified_at, '-infinity')
      < clock_timestamp() - settings.rate_limit_notice_minutes * interval '1 minute'
  returning settings.rate_limit_notice_text into notice;
  if found then
    perform cc_private.store_outbound_messages(message.conversation_id, null, 'notice', array[notice]);
  end if;
end;
$$;

comment on function cc_private.limit_customer(public.cc_messages, uuid, interval) is 'Records that a message is over its customer''s limit, and tells the customer at most once in a while.';
revoke all on function cc_private.limit_customer(public.cc_messages, uuid, interval) from public, anon, authenticated, service_role;
