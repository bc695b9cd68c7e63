-- What an agent did with a tool that has an effect outside. The row is there before the effect, so that
-- a turn that is tried again finds the recorded result and does nothing twice.

create table public.cc_tool_calls (
  id uuid primary key default cc_private.new_id(),
  first_message_id uuid not null references public.cc_messages,
  tool text not null
    constraint tool_is_a_name check (tool ~ '^[a-z][a-z0-9_]{0,63}$'),
  arguments jsonb not null,
  arguments_hash bytea not null,
  turn_id uuid not null references public.cc_turns,
  attempt integer not null,
  result jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  constraint finished_at_only_with_result check ((finished_at is null) = (result is null)),
  constraint cc_tool_calls_once_key unique (first_message_id, tool, arguments_hash)
);

create index cc_tool_calls_turn_id_idx on public.cc_tool_calls (turn_id);

comment on table public.cc_tool_calls is 'Each call of a tool with an effect, once for each first message of a turn, tool and arguments; arguments and result may hold personal data.';
comment on column public.cc_tool_calls.id is 'The idempotency key that goes out with the call.';
comment on column public.cc_tool_calls.first_message_id is 'The first message that the turn answers: a replayed turn has another id, but the same first message.';
comment on column public.cc_tool_calls.arguments_hash is 'SHA-256 of the arguments in jsonb''s own spelling, so that their order does not count.';
comment on column public.cc_tool_calls.turn_id is 'The turn that called last.';
comment on column public.cc_tool_calls.attempt is 'The attempt of that turn.';
comment on column public.cc_tool_calls.result is 'What the tool gave back; null while nobody knows, and then it may be called again under the same id.';

alter table public.cc_tool_calls enable row level security;
create policy "the api reads nothing here" on public.cc_tool_calls
  for all to anon, authenticated using (false);
revoke all on public.cc_tool_calls from public, anon, authenticated, service_role;
