-- Taking a conversation's next turn for the length of the lease. The answer is a value in every case:
-- `claimed` with all that an agent needs, or why there is nothing to do.

create function cc_private.stored_media(message_id uuid)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'content_type', media.content_type,
      'storage_path', media.storage_path,
      'byte_size', media.byte_size
    ) order by media.position), '[]')
    from public.cc_media as media
    where media.message_id = stored_media.message_id and media.state = 'stored'
  );
end;
$$;

comment on function cc_private.stored_media(uuid) is 'The files of a message that can be read by now.';
revoke all on function cc_private.stored_media(uuid) from public, anon, authenticated, service_role;

create function cc_private.message_for_agent(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'id', message.id,
      'seq', message.seq,
      'direction', message.direction,
      'kind', coalesce(message.body_json ->> 'kind', 'unknown'),
      'text', cc_private.text_for_agent(message),
      'media_types', coalesce(jsonb_path_query_array(message.body_json, '$.media[*].content_type'), '[]'),
      'stored_media', cc_private.stored_media(message.id),
      'details', cc_private.details_for_agent(message),
      'replied_to', cc_private.replied_to_for_agent(message),
      'created_at', message.created_at
    )
  );
end;
$$;

comment on function cc_private.message_for_agent(public.cc_messages) is 'A message as an agent sees it.';
revoke all on function cc_private.message_for_agent(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.previous_summary(conversation public.cc_conversations)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  -- As a message of its own: what this conversation's summary tells must be of this conversation alone.
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', conversation.id, 'seq', conversation.summary_seq, 'direction', 'inbound', 'kind', 'text',
      'text', '[Summary of it: ' || cc_private.summary_for_agent(conversation) || ']',
      'media_types', '[]'::jsonb, 'stored_media', '[]'::jsonb, 'details', '{}'::jsonb, 'replied_to', null,
      'created_at', conversation.updated_at, 'previous', true
    )), '[]')
    where cc_private.summary_for_agent(conversation) is not null
  );
end;
$$;

comment on function cc_private.previous_summary(public.cc_conversations) is 'The summary of a conversation that is over, as a message of the history; an empty list where there is none, or where it may hold what only a verified customer is told.';
revoke all on function cc_private.previous_summary(public.cc_conversations) from public, anon, authenticated, service_role;

create function cc_private.previous_history(conversation public.cc_conversations, maximum bigint)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  previous public.cc_conversations;
  summary jsonb := '[]';
begin
  if maximum <= 0 then
    return '[]';
  end if;
  select earlier.* into previous
  from public.cc_conversations as earlier
  where earlier.customer_id = conversation.customer_id
    and earlier.channel = conversation.channel
    and earlier.created_at < conversation.created_at
  order by earlier.created_at desc
  limit 1;
  if previous.summary is not null then
    summary := cc_private.previous_summary(previous);
  end if;

  return summary || (
    with last_words as (
      select message.*
      from public.cc_messages as message
      where message.conversation_id = previous.id
        and (summary = '[]' or message.seq > previous.summary_seq)
        and message.send_state is distinct from 'refused'
        and message.erased_at is null
      order by message.seq desc
      limit maximum - jsonb_array_length(summary)
    )
    select coalesce(
      jsonb_agg(cc_private.message_for_agent(last_words) || '{"previous": true}' order by last_words.seq), '[]'
    )
    from last_words
  );
end;
$$;

comment on function cc_private.previous_history(public.cc_conversations, bigint) is 'What the customer''s conversation before this one was about: its summary, where it has one, and its last words after that, each marked as previous: so much of it as the history has room for.';
revoke all on function cc_private.previous_history(public.cc_conversations, bigint) from public, anon, authenticated, service_role;

create function cc_private.turn_for_agent(turn public.cc_turns)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    with waiting as (
      select message.*
      from public.cc_messages as message
      where message.turn_id = turn.id and message.direction = 'inbound'
    ),
    earlier as (
      -- What we said since they wrote belongs to it (unless it was refused); what they wrote since does not: the
      -- next turn answers that.
      select message.*
      from public.cc_messages as message
      where message.conversation_id = turn.conversation_id
        and message.turn_id is distinct from turn.id
        and message.seq > (
          select conversation.summary_seq
          from public.cc_conversations as conversation
          where conversation.id = turn.conversation_id
        )
        and message.send_state is distinct from 'refused'
        and message.erased_at is null
        and (message.direction = 'outbound' or message.seq < (select max(waiting.seq) from waiting))
      order by message.seq desc
      limit (select settings.history_messages from public.cc_settings as settings)
    )
    select jsonb_build_object(
      'turn_id', turn.id,
      'attempt', turn.attempt,
      'is_last_attempt', turn.failure_count + 1 >= (
        select settings.max_failures from public.cc_settings as settings
      ),
      'may_use_model', cc_private.may_use_model(customer),
      'channel', conversation.channel,
      'provider', conversation.provider,
      'customer_address', conversation.provider_conversation_id,
      'business_address', conversation.business_address,
      'customer_name', customer.name,
      'summary', cc_private.summary_for_agent(conversation),
      'messages', (
        select jsonb_agg(cc_private.message_for_agent(waiting) order by waiting.seq)
        from waiting
      ),
      -- A summary has taken the place of whatever was before it.
      'history', case when conversation.summary_seq = 0 then cc_private.previous_history(
        conversation,
        (select settings.history_messages from public.cc_settings as settings) - (select count(*) from earlier)
      ) else '[]' end || (
        select coalesce(jsonb_agg(cc_private.message_for_agent(earlier) order by earlier.seq), '[]')
        from earlier
      )
    )
    from public.cc_conversations as conversation
    join public.cc_customers as customer on customer.id = conversation.customer_id
    where conversation.id = turn.conversation_id
  );
end;
$$;

comment on function cc_private.turn_for_agent(public.cc_turns) is 'A claimed turn: the messages it answers and the recent history.';
revoke all on function cc_private.turn_for_agent(public.cc_turns) from public, anon, authenticated, service_role;

create function cc_private.next_turn(conversation_id uuid)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- The turn in work goes before the one that waits.
  return (
    select turn
    from public.cc_turns as turn
    where turn.conversation_id = next_turn.conversation_id
      and turn.state in ('pending', 'running', 'retrying')
    order by turn.state = 'pending'
    limit 1
  );
end;
$$;

comment on function cc_private.next_turn(uuid) is 'The conversation''s turn in work, else the pending one.';
revoke all on function cc_private.next_turn(uuid) from public, anon, authenticated, service_role;

create function cc_private.fuse_until()
returns timestamptz
language plpgsql
volatile
set search_path = ''
as $$
declare
  turns_per_minute integer := (select settings.turns_per_minute from public.cc_settings as settings);
  oldest timestamptz;
begin
  -- Not the clock itself: only a stable time can be looked up in the index.
  -- The claim that stands in the way is the one which, counted back, fills the minute.
  select turn.claimed_at into oldest
  from public.cc_turns as turn
  where turn.claimed_at > statement_timestamp() - interval '1 minute'
  order by turn.claimed_at desc
  offset turns_per_minute - 1
  limit 1;
  if not found then
    return null;
  end if;

  perform cc_private.raise_alert('fuse_blown', format(
    '%s turns were claimed within a minute; further ones wait', turns_per_minute
  ));
  return oldest + interval '1 minute';
end;
$$;

comment on function cc_private.fuse_until() is 'When the next turn may be claimed, while all customers together are over the limit of turns; else null.';
revoke all on function cc_private.fuse_until() from public, anon, authenticated, service_role;

create function public.claim_turn(conversation_id uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  conversation public.cc_conversations;
  turn public.cc_turns;
  fuse_until timestamptz;
begin
  select locked.* into conversation
  from public.cc_conversations as locked
  where locked.id = claim_turn.conversation_id
  for update;

  turn := cc_private.next_turn(conversation.id);
  if turn.state = 'running' and turn.lease_until <= clock_timestamp() then
    perform cc_private.record_turn_failure(turn, 'lease_expired', null);
    turn := cc_private.next_turn(conversation.id);
    -- Its death may have handed the conversation over.
    select locked.handler into conversation.handler
    from public.cc_conversations as locked
    where locked.id = conversation.id;
  end if;

  if turn.id is null then
    return jsonb_build_object('outcome', 'nothing_pending');
  elsif turn.state = 'running' then
    return jsonb_build_object('outcome', 'busy');
  elsif cc_private.is_opted_out(conversation.id) then
    -- A turn that was running when the opt-out came, or that somebody replays.
    perform cc_private.silence_waiting_turns(conversation.id);
    return jsonb_build_object('outcome', 'nothing_pending');
  elsif conversation.handler = 'human' then
    return jsonb_build_object('outcome', 'human_handles');
  elsif turn.due_at > clock_timestamp() then
    return jsonb_build_object('outcome', 'not_due') || cc_private.remaining_ms('due_in_ms', turn.due_at);
  end if;
  fuse_until := cc_private.fuse_until();
  if fuse_until is not null then
    return jsonb_build_object('outcome', 'not_due') || cc_private.remaining_ms('due_in_ms', fuse_until);
  end if;

  update public.cc_turns as claimed
  set state = 'running',
    attempt = claimed.attempt + 1,
    claimed_at = clock_timestamp(),
    lease_until = clock_timestamp() + (
      select settings.lease_seconds * interval '1 second' from public.cc_settings as settings
    )
  where claimed.id = turn.id
  returning claimed.* into turn;

  perform cc_private.append_audit(conversation.id, cc_private.audit_event(
    'turn_claimed', 'agent',
    output => jsonb_build_object('turn_id', turn.id, 'attempt', turn.attempt)
  ));
  return jsonb_build_object('outcome', 'claimed')
    || cc_private.turn_for_agent(turn)
    || cc_private.remaining_ms('lease_ms', turn.lease_until);
end;
$$;

comment on function public.claim_turn(uuid) is 'Takes the conversation''s next turn for the length of the lease: outcome claimed with its messages and history, or nothing_pending, busy, not_due, human_handles. Definer: callers have no grant on any table.';
revoke all on function public.claim_turn(uuid) from public, anon, authenticated;
grant execute on function public.claim_turn(uuid) to service_role;
