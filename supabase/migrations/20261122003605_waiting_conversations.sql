-- Which conversations the operator's list names, and in which order: who waits longest for an answer comes
-- first; behind them the others, the newest conversation first. Each page costs what it holds, however many
-- conversations there are.

-- Of columns that never change: no message pays for it.
create index cc_conversations_created_at_idx on public.cc_conversations (created_at, id);
create index cc_turns_dead_created_at_idx on public.cc_turns (created_at, conversation_id) where state = 'dead';

create function cc_private.waiting_since(conversation_id uuid)
returns timestamptz
language sql
stable
set search_path = ''
as $$
  -- Each question has its own partial index.
  select least(
    (
      select turn.created_at
      from public.cc_turns as turn
      where turn.conversation_id = waiting_since.conversation_id and turn.state = 'pending'
    ),
    (
      select turn.created_at
      from public.cc_turns as turn
      where turn.conversation_id = waiting_since.conversation_id
        and turn.state in ('running', 'retrying')
    )
  )
$$;

comment on function cc_private.waiting_since(uuid) is 'Since when the customer of this conversation waits for an answer; null when nobody does.';
revoke all on function cc_private.waiting_since(uuid) from public, anon, authenticated, service_role;

create function cc_private.waiting_conversations(after jsonb, maximum integer)
returns table (place integer, at timestamptz, id uuid)
language sql
stable
set search_path = ''
as $$
  select 0, turn.created_at, turn.conversation_id
  from public.cc_turns as turn
  where turn.state in ('pending', 'running', 'retrying')
    and (turn.created_at, turn.conversation_id) > (
      coalesce((after ->> 'at')::timestamptz, '-infinity'),
      coalesce((after ->> 'id')::uuid, cc_private.nil_id())
    )
    -- A conversation with two open turns waits since the older one.
    and turn.created_at = cc_private.waiting_since(turn.conversation_id)
    and (turn.state = 'pending') is distinct from exists (
      select
      from public.cc_turns as working
      where working.conversation_id = turn.conversation_id
        and working.state in ('running', 'retrying') and working.created_at <= turn.created_at
    )
  order by turn.created_at, turn.conversation_id
  limit maximum
$$;

comment on function cc_private.waiting_conversations(jsonb, integer) is 'The next conversations in which somebody waits, the longest first, each once.';
revoke all on function cc_private.waiting_conversations(jsonb, integer) from public, anon, authenticated, service_role;

create function cc_private.other_conversations(after jsonb, maximum integer)
returns table (place integer, at timestamptz, id uuid)
language sql
stable
set search_path = ''
as $$
  select 1, conversation.created_at, conversation.id
  from public.cc_conversations as conversation
  where (conversation.created_at, conversation.id) < (
      coalesce((after ->> 'at')::timestamptz, 'infinity'),
      coalesce((after ->> 'id')::uuid, cc_private.nil_id())
    )
    and cc_private.waiting_since(conversation.id) is null
  order by conversation.created_at desc, conversation.id desc
  limit maximum
$$;

comment on function cc_private.other_conversations(jsonb, integer) is 'The next conversations in which nobody waits, the newest first.';
revoke all on function cc_private.other_conversations(jsonb, integer) from public, anon, authenticated, service_role;

create function cc_private.dead_conversations(after jsonb, maximum integer)
returns table (place integer, at timestamptz, id uuid)
language sql
stable
set search_path = ''
as $$
  select 2, turn.created_at, turn.conversation_id
  from public.cc_turns as turn
  where turn.state = 'dead'
    and (turn.created_at, turn.conversation_id) < (
      coalesce((after ->> 'at')::timestamptz, 'infinity'),
      coalesce((after ->> 'id')::uuid, cc_private.nil_id())
    )
    and not exists (
      select
      from public.cc_turns as newer
      where newer.conversation_id = turn.conversation_id and newer.state = 'dead'
        and (newer.created_at, newer.id) > (turn.created_at, turn.id)
    )
  order by turn.created_at desc, turn.conversation_id desc
  limit maximum
$$;

comment on function cc_private.dead_conversations(jsonb, integer) is 'The next conversations with a dead turn, the newest first, each once.';
revoke all on function cc_private.dead_conversations(jsonb, integer) from public, anon, authenticated, service_role;
