-- What a test looks at: the conversation's turns, messages, events and rings; and how Postgres finds them.

begin;

create function tests.turn(state text)
returns public.cc_turns language sql stable
as $$
  select found
  from public.cc_turns as found
  where found.conversation_id = tests.conversation() and found.state = turn.state
$$;

-- The conversation's outbound messages, counted from 1.
create function tests.outbound(number integer)
returns public.cc_messages language sql stable
as $$
  select message
  from public.cc_messages as message
  where message.conversation_id = tests.conversation() and message.direction = 'outbound'
  order by message.seq
  limit 1 offset outbound.number - 1
$$;

-- The names of the conversation's events, in order.
create function tests.events(conversation uuid default tests.conversation())
returns text[] language sql stable
as $$
  select array_agg(entry.event_type order by entry.id)
  from public.cc_audit_logs as entry
  where entry.conversation_id = events.conversation
$$;

-- The conversation's last event of this name.
create function tests.event(event_type text)
returns public.cc_audit_logs language sql stable
as $$
  select entry
  from public.cc_audit_logs as entry
  where entry.conversation_id = tests.conversation() and entry.event_type = event.event_type
  order by entry.id desc
  limit 1
$$;

-- The bodies with which the orchestrator was rung for the conversation, in order.
create function tests.rings(conversation uuid default tests.conversation())
returns setof jsonb language plpgsql stable
as $$
begin
  return query
    select convert_from(request.body, 'UTF8')::jsonb
    from net.http_request_queue as request
    where convert_from(request.body, 'UTF8')::jsonb ->> 'conversationId' = conversation::text
    order by request.id;
end;
$$;

-- The conversation's rings of which nobody has seen the answer, counted from 1.
create function tests.ring(number integer, conversation uuid default tests.conversation())
returns cc_private.dispatches language sql stable
as $$
  select dispatch
  from cc_private.dispatches as dispatch
  where dispatch.conversation_id = ring.conversation
  order by dispatch.dispatched_at
  limit 1 offset ring.number - 1
$$;

-- The text of the last alert of this kind; null when there was none.
create function tests.alert(kind text)
returns text language sql stable
as $$
  select raised.text from cc_private.alerts as raised where raised.kind = alert.kind
$$;

-- The requests that wait for pg_net to be sent there.
create function tests.requests_to(url text)
returns setof net.http_request_queue language sql stable
as $$
  select request from net.http_request_queue as request where request.url = requests_to.url order by request.id
$$;

-- How Postgres goes about answering.
create function tests.plan_of(question text)
returns text language plpgsql volatile
as $$
declare
  line text;
  lines text := '';
begin
  for line in execute 'explain ' || question loop
    lines := lines || line || E'\n';
  end loop;
  return lines;
end;
$$;

select plan(1);
select has_function('tests'::name, 'turn'::name);
select * from finish();
commit;
