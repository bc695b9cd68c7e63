-- A bucket of messages for each customer. Whoever empties it is still heard: the message is stored, and
-- answered when the bucket has filled again.

create function cc_private.remaining_allowance(
  remaining double precision,
  remaining_at timestamptz,
  burst_messages integer,
  messages_per_minute integer
)
returns double precision
language plpgsql
volatile
set search_path = ''
as $$
begin
  return least(
    burst_messages,
    coalesce(remaining, burst_messages)
      + coalesce(date_part('epoch', clock_timestamp() - remaining_at), 0) / 60 * messages_per_minute
  );
end;
$$;

comment on function cc_private.remaining_allowance(double precision, timestamptz, integer, integer) is 'How full a customer''s bucket is now that held so much then.';
revoke all on function cc_private.remaining_allowance(double precision, timestamptz, integer, integer) from public, anon, authenticated, service_role;

create function cc_private.take_allowance(
  customer_id uuid,
  burst_messages integer,
  messages_per_minute integer
)
returns public.cc_customers
language plpgsql
volatile
set search_path = ''
as $$
declare
  taken public.cc_customers;
begin
  -- It may go as far below zero as it is deep, so that the wait has an end too.
  update public.cc_customers as customer
  set remaining_messages = greatest(
      -burst_messages,
      cc_private.remaining_allowance(
        customer.remaining_messages, customer.remaining_messages_at, burst_messages, messages_per_minute
      ) - 1
    ),
    remaining_messages_at = clock_timestamp()
  where customer.id = take_allowance.customer_id
  returning customer.* into taken;
  return taken;
end;
$$;

comment on function cc_private.take_allowance(uuid, integer, integer) is 'Counts a message of the customer, and gives the customer as they are now.';
revoke all on function cc_private.take_allowance(uuid, integer, integer) from public, anon, authenticated, service_role;

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
