-- One answer of the agent to all the messages that wait in a conversation. Two partial unique indexes
-- say the whole concurrency rule.

create table public.cc_turns (
  id uuid primary key default cc_private.new_id(),
  conversation_id uuid not null references public.cc_conversations,
  state text not null default 'pending'
    constraint state_is_valid check (
      state in ('pending', 'running', 'retrying', 'answered', 'silent', 'dead', 'replayed')
    ),
  attempt integer not null default 0,
  failure_count integer not null default 0,
  due_at timestamptz,
  lease_until timestamptz,
  dispatched_at timestamptz,
  claimed_at timestamptz,
  agent text,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_micros bigint not null default 0,
  tool_call_count integer not null default 0,
  tells_of_account boolean not null default false,
  silent_reason text,
  last_error_code text,
  last_error_message text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  constraint lease_only_when_running check ((state = 'running') = (lease_until is not null)),
  constraint finished_at_only_when_finished
    check ((state in ('answered', 'silent', 'dead', 'replayed')) = (finished_at is not null)),
  constraint finished_at_is_not_before_created_at check (finished_at >= created_at),
  constraint reason_when_silent check ((state = 'silent') = (silent_reason is not null))
);

create unique index cc_turns_pending_idx
  on public.cc_turns (conversation_id) where state = 'pending';
create unique index cc_turns_working_idx
  on public.cc_turns (conversation_id) where state in ('running', 'retrying');

-- The sweep looks for work that waits, by what makes it due, and for nothing else.
create index cc_turns_due_idx on public.cc_turns (due_at) where state in ('pending', 'retrying');
create index cc_turns_lease_idx on public.cc_turns (lease_until) where state = 'running';
create index cc_turns_unanswered_idx
  on public.cc_turns (created_at) where state in ('pending', 'running', 'retrying');
-- What an erasure has to take away.
create index cc_turns_error_idx
  on public.cc_turns (conversation_id) where last_error_message is not null;
-- What a person's reply answers, beside what waits.
create index cc_turns_dead_idx on public.cc_turns (conversation_id) where state = 'dead';
create index cc_turns_claimed_idx on public.cc_turns (claimed_at) where claimed_at is not null;
create index cc_turns_account_idx on public.cc_turns (conversation_id) where tells_of_account;

comment on table public.cc_turns is 'One answer of the agent to all messages that wait: per conversation one pending turn, and one running or retrying.';
comment on column public.cc_turns.attempt is 'The fencing token: it grows with each claim, and only the newest holder may finish the turn.';
comment on column public.cc_turns.due_at is 'Claimable from then on; null while a person handles the conversation.';
comment on column public.cc_turns.claimed_at is 'When it was last claimed: the fuse counts these.';
comment on column public.cc_turns.agent is 'Which agent answered, or failed last.';
comment on column public.cc_turns.input_tokens is 'What the models of all attempts read. Tokens.';
comment on column public.cc_turns.output_tokens is 'What the models of all attempts wrote, thinking included. Tokens.';
comment on column public.cc_turns.cost_micros is 'What that cost by the prices in the orchestrator''s environment. Millionths of their currency.';
comment on column public.cc_turns.tool_call_count is 'How many tools the agents of all attempts called.';
comment on column public.cc_turns.tells_of_account is 'Whether its agent looked at an account: its replies are shown to an agent only while the conversation is verified.';
comment on column public.cc_turns.last_error_message is 'What went wrong, for the operator; may hold a vendor''s words, so it never enters the audit.';

alter table public.cc_turns enable row level security;
create policy "the api reads nothing here" on public.cc_turns
  for all to anon, authenticated using (false);
revoke all on public.cc_turns from public, anon, authenticated, service_role;
