-- One conversation, and its messages page by page, the newest first, each with its turn.

create function cc_private.message_for_list(message public.cc_messages, is_revealed boolean)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', message.id, 'seq', message.seq, 'turn_id', message.turn_id,
    'direction', message.direction, 'kind', message.body_json ->> 'kind',
    'text', case
      when is_revealed then message.body_text else cc_private.masked_text(message.body_text)
    end,
    'send_state', message.send_state, 'delivery_status', message.delivery_status,
    'error_code', message.error_code, 'erased_at', message.erased_at,
    'created_at', message.created_at, 'handed_over_at', message.handed_over_at,
    'provider_message_id', message.provider_message_id,
    'media', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'content_type', media.content_type, 'state', media.state, 'byte_size', media.byte_size
      ) order by media.position), '[]')
      from public.cc_media as media
      where media.message_id = message.id
    ),
    'row', cc_private.shown_row(to_jsonb(message), is_revealed)
  )
$$;

comment on function cc_private.message_for_list(public.cc_messages, boolean) is 'A message as a list shows it, with its row as JSON text.';
revoke all on function cc_private.message_for_list(public.cc_messages, boolean) from public, anon, authenticated, service_role;

create function cc_private.turn_for_list(turn public.cc_turns, is_revealed boolean)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', turn.id, 'state', turn.state, 'attempt', turn.attempt,
    'failure_count', turn.failure_count, 'silent_reason', turn.silent_reason,
    'last_error_code', turn.last_error_code, 'created_at', turn.created_at,
    'finished_at', turn.finished_at, 'due_at', turn.due_at,
    'row', cc_private.shown_row(to_jsonb(turn), is_revealed)
  )
$$;

comment on function cc_private.turn_for_list(public.cc_turns, boolean) is 'A turn as a list shows it, with its row as JSON text.';
revoke all on function cc_private.turn_for_list(public.cc_turns, boolean) from public, anon, authenticated, service_role;

create function public.get_conversation(conversation_id uuid, is_revealed boolean default false)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(
    (
      select cc_private.conversation_for_list(conversation, is_revealed) || jsonb_build_object(
        'outcome', 'found',
        'opted_out_at', customer.opted_out_at, 'erased_at', customer.erased_at,
        'last_inbound_at', conversation.last_inbound_at,
        'created_at', conversation.created_at,
        'open_turns', (
          select coalesce(jsonb_agg(cc_private.turn_for_list(turn, is_revealed) order by turn.created_at), '[]')
          from (
            select pending.* from public.cc_turns as pending
            where pending.conversation_id = conversation.id and pending.state = 'pending'
            union all
            select working.* from public.cc_turns as working
            where working.conversation_id = conversation.id and working.state in ('running', 'retrying')
          ) as turn
        ),
        'dead_turns', (
          select coalesce(jsonb_agg(cc_private.turn_for_list(turn, is_revealed) order by turn.created_at desc), '[]')
          from (
            select dead.* from public.cc_turns as dead
            where dead.conversation_id = conversation.id and dead.state = 'dead'
            order by dead.created_at desc
            limit 20
          ) as turn
        ),
        'row', cc_private.shown_row(to_jsonb(conversation), is_revealed)
      )
      from public.cc_conversations as conversation
      join public.cc_customers as customer on customer.id = conversation.customer_id
      where conversation.id = get_conversation.conversation_id
    ),
    jsonb_build_object('outcome', 'not_found')
  )
$$;

comment on function public.get_conversation(uuid, boolean) is 'One conversation with its open turns and its latest twenty dead ones: outcome found or not_found. Each row is JSON text; names, addresses and texts are masked unless is_revealed. Definer: callers have no grant on any table.';
revoke all on function public.get_conversation(uuid, boolean) from public, anon, authenticated;
grant execute on function public.get_conversation(uuid, boolean) to service_role;

create function public.list_messages(
  conversation_id uuid,
  before_seq bigint default null,
  maximum integer default 50,
  is_revealed boolean default false
)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  with page as materialized (
    select message.*
    from public.cc_messages as message
    where message.conversation_id = list_messages.conversation_id
      and message.seq < coalesce(list_messages.before_seq, 9223372036854775807)
    order by message.seq desc
    limit least(greatest(list_messages.maximum, 1), 200)
  )
  select jsonb_build_object(
    'messages', coalesce((
      select jsonb_agg(cc_private.message_for_list(message, is_revealed) order by message.seq desc)
      from public.cc_messages as message
      where message.id in (select page.id from page)
    ), '[]'),
    'turns', coalesce((
      select jsonb_agg(cc_private.turn_for_list(turn, is_revealed) order by turn.created_at desc)
      from public.cc_turns as turn
      where turn.id in (select page.turn_id from page)
    ), '[]'),
    -- seq has no gaps, so the oldest message is 1.
    'before_seq', (select case when min(page.seq) > 1 then min(page.seq) end from page)
  )
$$;

comment on function public.list_messages(uuid, bigint, integer, boolean) is 'A page of a conversations messages before that seq, the newest first, with the turns that they belong to; before_seq is the place of the next page, null at the end. Each row is JSON text; addresses and texts are masked unless is_revealed. Definer: callers have no grant on any table.';
revoke all on function public.list_messages(uuid, bigint, integer, boolean) from public, anon, authenticated;
grant execute on function public.list_messages(uuid, bigint, integer, boolean) to service_role;
