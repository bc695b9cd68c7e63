-- All that an agent needs to answer a turn: its messages, and what was said before.

create function cc_private.stored_media(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if message.body_json #> '{media,0}' is null then
    return '[]';
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'content_type', media.content_type,
      'storage_path', media.storage_path,
      'byte_size', media.byte_size
    ) order by media.position), '[]')
    from public.cc_media as media
    where media.message_id = message.id and media.state = 'stored'
  );
end;
$$;

comment on function cc_private.stored_media(public.cc_messages) is 'The files of a message that can be read by now.';
revoke all on function cc_private.stored_media(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.message_for_agent(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  -- A claim calls this for each message of the history, and most have no files, no details, and reply to
  -- nothing: with a query for each of these, a claim took 2.4 ms in place of 1.7 (bench:growth prints it).
  return jsonb_build_object(
    'id', message.id,
    'seq', message.seq,
    'direction', message.direction,
    'kind', coalesce(message.body_json ->> 'kind', 'unknown'),
    'text', cc_private.text_for_agent(message),
    'media_types', coalesce(jsonb_path_query_array(message.body_json, '$.media[*].content_type'), '[]'),
    'stored_media', cc_private.stored_media(message),
    'details', cc_private.details_for_agent(message),
    'replied_to', cc_private.replied_to_for_agent(message),
    'created_at', message.created_at
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
