-- Two customers who turn out to be one person. No message moves: what was under way is finished where it
-- was begun, and the elder goes on.

create function cc_private.merge_customers(customer_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  younger_id uuid;
begin
  -- No conversation of theirs can come or go while they are held, so these are all.
  perform 1
  from public.cc_conversations as conversation
  where conversation.customer_id = any (customer_ids)
  order by conversation.id
  for update;

  foreach younger_id in array customer_ids[2:] loop
    perform cc_private.record_merge(younger_id, customer_ids[1]);
    perform cc_private.merge_what_they_said(younger_id, customer_ids[1]);
    perform cc_private.move_conversations(younger_id, customer_ids[1]);

    update public.cc_customer_addresses as known
    set customer_id = customer_ids[1]
    where known.customer_id = younger_id;
    -- Whom the younger one had absorbed: one step always leads to the end.
    update public.cc_customers as customer
    set merged_into = customer_ids[1], name = null
    where customer.id = younger_id or customer.merged_into = younger_id;
  end loop;
end;
$$;

comment on function cc_private.merge_customers(uuid[]) is 'Makes one customer of several, the first: theirs are all addresses and conversations from now on. The caller holds them alone.';
revoke all on function cc_private.merge_customers(uuid[]) from public, anon, authenticated, service_role;

create function cc_private.record_merge(younger_id uuid, elder_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  conversation_id uuid;
begin
  for conversation_id in
    select conversation.id
    from public.cc_conversations as conversation
    where conversation.customer_id in (record_merge.younger_id, record_merge.elder_id)
    order by conversation.id
  loop
    perform cc_private.append_audit(conversation_id, cc_private.audit_event(
      'customers_merged',
      output => jsonb_build_object('customer_id', elder_id, 'merged_customer_id', younger_id)
    ));
    -- Who proved to be one of them has not proved to be the other.
    perform cc_private.end_verification(conversation_id, 'customers_merged');
  end loop;
end;
$$;

comment on function cc_private.record_merge(uuid, uuid) is 'Records the merge in each conversation of both, and ends what was verified there.';
revoke all on function cc_private.record_merge(uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.merge_what_they_said(younger_id uuid, elder_id uuid)
returns void
language sql
volatile
set search_path = ''
as $$
  -- The newer word about messages counts, the emptier bucket, and the name that is there.
  update public.cc_customers as elder
  set name = coalesce(elder.name, younger.name),
    opted_out_at = case
      when greatest(elder.opted_out_at, younger.opted_out_at)
        >= coalesce(greatest(elder.opted_in_at, younger.opted_in_at), '-infinity')
      then greatest(elder.opted_out_at, younger.opted_out_at)
    end,
    opted_in_at = greatest(elder.opted_in_at, younger.opted_in_at),
    remaining_messages = least(
      cc_private.remaining_allowance(
        elder.remaining_messages, elder.remaining_messages_at,
        settings.customer_burst_messages, settings.customer_messages_per_minute
      ),
      cc_private.remaining_allowance(
        younger.remaining_messages, younger.remaining_messages_at,
        settings.customer_burst_messages, settings.customer_messages_per_minute
      )
    ),
    remaining_messages_at = clock_timestamp(),
    tokens_used = case
        when elder.tokens_used_on < younger.tokens_used_on then 0 else elder.tokens_used
      end + case
        when younger.tokens_used_on < elder.tokens_used_on then 0 else younger.tokens_used
      end,
    tokens_used_on = greatest(elder.tokens_used_on, younger.tokens_used_on),
    rate_limit_notified_at = greatest(elder.rate_limit_notified_at, younger.rate_limit_notified_at)
  from public.cc_customers as younger, public.cc_settings as settings
  where elder.id = merge_what_they_said.elder_id and younger.id = merge_what_they_said.younger_id
$$;

comment on function cc_private.merge_what_they_said(uuid, uuid) is 'Lets the elder customer know what the younger one said of opt-out, how much they wrote and what their answers took of the day''s tokens.';
revoke all on function cc_private.merge_what_they_said(uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.move_conversations(younger_id uuid, elder_id uuid)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- Closed to new messages only: claims, callbacks and the sweep ask for no status. A customer who is
  -- talking to a person goes on talking to that person; else the elder's conversation goes on.
  update public.cc_conversations as closing
  set status = 'closed', updated_at = now()
  from public.cc_conversations as staying
  where (closing.customer_id, staying.customer_id) in ((younger_id, elder_id), (elder_id, younger_id))
    and closing.channel = staying.channel
    and closing.status = 'active'
    and staying.status = 'active'
    and case when closing.handler = staying.handler
      then closing.customer_id = younger_id else closing.handler = 'agent'
    end;

  update public.cc_conversations as moving
  set customer_id = elder_id, updated_at = now()
  where moving.customer_id = younger_id;
end;
$$;

comment on function cc_private.move_conversations(uuid, uuid) is 'Gives the younger customer''s conversations to the elder. Of two active ones on a channel one stays active: the one that a person handles, else the elder''s. No message moves.';
revoke all on function cc_private.move_conversations(uuid, uuid) from public, anon, authenticated, service_role;
