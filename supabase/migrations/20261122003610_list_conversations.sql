-- The operator's list, a page at a time.

create function cc_private.conversation_for_list(conversation public.cc_conversations, is_revealed boolean)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', conversation.id, 'customer_id', conversation.customer_id, 'channel', conversation.channel,
    'status', conversation.status, 'handler', conversation.handler,
    'last_seq', conversation.last_seq,
    'waiting_since', cc_private.waiting_since(conversation.id),
    'has_dead_turn', exists (
      select from public.cc_turns as dead
      where dead.conversation_id = conversation.id and dead.state = 'dead'
    ),
    'address', case
      when is_revealed then conversation.provider_conversation_id
      else cc_private.masked_address(conversation.provider_conversation_id)
    end,
    'name', case when is_revealed then customer.name else cc_private.masked_name(customer.name) end,
    'last_message', (
      select jsonb_build_object(
        'direction', message.direction, 'created_at', message.created_at,
        'text', case
          when is_revealed then left(message.body_text, 200)
          else cc_private.masked_text(message.body_text)
        end
      )
      from public.cc_messages as message
      where message.conversation_id = conversation.id and message.seq = conversation.last_seq
    )
  )
  from public.cc_customers as customer
  where customer.id = conversation.customer_id
$$;

comment on function cc_private.conversation_for_list(public.cc_conversations, boolean) is 'A conversation as a list shows it.';
revoke all on function cc_private.conversation_for_list(public.cc_conversations, boolean) from public, anon, authenticated, service_role;

create function public.list_conversations(
  list text default 'all',
  after text default null,
  maximum integer default 50,
  is_revealed boolean default false
)
returns jsonb
language plpgsql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  page_size integer := least(greatest(maximum, 1), 200);
  resume jsonb := after::jsonb;
  page jsonb;
  next jsonb;
begin
  if list not in ('all', 'waiting', 'dead') then
    raise exception 'Cannot list conversations: list is "%", not all, waiting or dead', list
      using errcode = 'SB003';
  end if;

  with found as (
    select waiting.*
    from cc_private.waiting_conversations(resume, page_size) as waiting
    where list in ('all', 'waiting') and coalesce((resume ->> 'place')::integer, 0) = 0
    union all
    select other.*
    from cc_private.other_conversations(
      case when resume ->> 'place' = '1' then resume end, page_size
    ) as other
    where list = 'all'
    union all
    select dead.*
    from cc_private.dead_conversations(resume, page_size) as dead
    where list = 'dead'
  ), numbered as (
    select found.*, row_number() over (
      order by found.place, case when found.place = 0 then found.at end,
        case when found.place = 0 then found.id end, found.at desc, found.id desc
    ) as number
    from found
  )
  select
    jsonb_agg(
      cc_private.conversation_for_list(conversation, is_revealed) order by found.number
    ),
    (jsonb_agg(
      jsonb_build_object('place', found.place, 'at', found.at, 'id', found.id) order by found.number
    ) filter (where found.number = page_size)) -> 0
  into page, next
  from numbered as found
  join public.cc_conversations as conversation on conversation.id = found.id
  where found.number <= page_size;

  return jsonb_build_object('conversations', coalesce(page, '[]'), 'after', next::text);
end;
$$;

comment on function public.list_conversations(text, text, integer, boolean) is 'A page of conversations: all (who waits longest for an answer first, then the others, the newest first), waiting, or dead (with a dead turn). after is the place of the next page, null at the end. Names, addresses and texts are masked unless is_revealed. Definer: callers have no grant on any table.';
revoke all on function public.list_conversations(text, text, integer, boolean) from public, anon, authenticated;
grant execute on function public.list_conversations(text, text, integer, boolean) to service_role;
