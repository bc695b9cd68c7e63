-- What answering a turn took: which agent it was, which ones failed before it, the model's tokens and
-- their cost, a new summary of the conversation. It comes with the turn's end, in its transaction, so
-- it costs no call of its own and a zombie's work counts as little as its answer.

create table cc_private.token_use (
  day date primary key,
  tokens bigint not null default 0,
  cost_micros bigint not null default 0
);

comment on table cc_private.token_use is 'The model''s tokens of all customers together, a row for each day (UTC).';
comment on column cc_private.token_use.cost_micros is 'Millionths of the currency of the prices in the orchestrator''s environment.';
alter table cc_private.token_use enable row level security;
create policy "the api reads nothing here" on cc_private.token_use
  for all to anon, authenticated using (false);

create function cc_private.today()
returns date
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select (statement_timestamp() at time zone 'utc')::date
  );
end;
$$;

comment on function cc_private.today() is 'The day (UTC) for which budgets count.';
revoke all on function cc_private.today() from public, anon, authenticated, service_role;

create function cc_private.tokens_of(work jsonb)
returns bigint
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select coalesce((work ->> 'input_tokens')::bigint, 0) + coalesce((work ->> 'output_tokens')::bigint, 0)
  );
end;
$$;

comment on function cc_private.tokens_of(jsonb) is 'What counts for the budgets: input and output together.';
revoke all on function cc_private.tokens_of(jsonb) from public, anon, authenticated, service_role;

create function cc_private.may_use_model(customer public.cc_customers)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(
        customer.tokens_used_on is distinct from cc_private.today()
        or customer.tokens_used < settings.customer_tokens_per_day,
        true
      )
      and coalesce(coalesce(token_use.tokens, 0) < settings.tokens_per_day, true)
    from public.cc_settings as settings
    left join cc_private.token_use as token_use on token_use.day = cc_private.today()
  );
end;
$$;

comment on function cc_private.may_use_model(public.cc_customers) is 'Whether today''s budgets, the customer''s and the one of all, leave something for the model.';
revoke all on function cc_private.may_use_model(public.cc_customers) from public, anon, authenticated, service_role;

create function cc_private.work_facts(work jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(fact.key, fact.value), '{}')
    from jsonb_each(work) as fact
    where fact.key in ('agent', 'input_tokens', 'output_tokens', 'cost_micros', 'tool_call_count')
  );
end;
$$;

comment on function cc_private.work_facts(jsonb) is 'What the audit is told of the work.';
revoke all on function cc_private.work_facts(jsonb) from public, anon, authenticated, service_role;

create function cc_private.passed_over(turn public.cc_turns, work jsonb)
returns cc_private.audit_event[]
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select coalesce(array_agg(cc_private.audit_event(
      'turn_failed', 'agent',
      output => jsonb_build_object(
        'turn_id', turn.id, 'attempt', turn.attempt, 'agent', failure.value ->> 'agent'
      ),
      error_code => coalesce(failure.value ->> 'code', 'unknown')
    ) order by failure.ordinality), '{}')
    from jsonb_array_elements(coalesce(work -> 'failures', '[]')) with ordinality as failure
  );
end;
$$;

comment on function cc_private.passed_over(public.cc_turns, jsonb) is 'One turn_failed for each agent that failed and left the turn to the next.';
revoke all on function cc_private.passed_over(public.cc_turns, jsonb) from public, anon, authenticated, service_role;

create function cc_private.record_turn_work(turn public.cc_turns, work jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_turns as worked
  set agent = coalesce(work ->> 'agent', worked.agent),
    input_tokens = worked.input_tokens + coalesce((work ->> 'input_tokens')::bigint, 0),
    output_tokens = worked.output_tokens + coalesce((work ->> 'output_tokens')::bigint, 0),
    cost_micros = worked.cost_micros + coalesce((work ->> 'cost_micros')::bigint, 0),
    tool_call_count = worked.tool_call_count + coalesce((work ->> 'tool_call_count')::integer, 0)
  where worked.id = turn.id and work <> '{}';

  update public.cc_conversations as summarised
  set summary = work #>> '{summary,text}',
    summary_seq = (work #>> '{summary,up_to_seq}')::bigint
  where summarised.id = turn.conversation_id
    and (work #>> '{summary,up_to_seq}')::bigint between summarised.summary_seq + 1 and summarised.last_seq
    -- What was emptied while the agent worked must not come back in its words.
    and not exists (
      select
      from public.cc_messages as message
      where message.conversation_id = summarised.id
        and message.seq <= (work #>> '{summary,up_to_seq}')::bigint
        and message.erased_at >= turn.claimed_at
    );

  update public.cc_customers as using_model
  set tokens_used = cc_private.tokens_of(work) + case
      when using_model.tokens_used_on = cc_private.today() then using_model.tokens_used else 0
    end,
    tokens_used_on = cc_private.today()
  where cc_private.tokens_of(work) > 0 and using_model.id = (
    select conversation.customer_id
    from public.cc_conversations as conversation
    where conversation.id = turn.conversation_id
  );
end;
$$;

comment on function cc_private.record_turn_work(public.cc_turns, jsonb) is 'Adds the work to the turn and to its customer''s day, and keeps a newer summary; called under the conversation''s lock.';
revoke all on function cc_private.record_turn_work(public.cc_turns, jsonb) from public, anon, authenticated, service_role;

create function cc_private.count_tokens(work jsonb)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  used bigint;
  budget bigint := (select settings.tokens_per_day from public.cc_settings as settings);
begin
  if cc_private.tokens_of(work) = 0 then
    return;
  end if;
  -- One row for everybody: it is locked last, so that nobody who waits for it holds up another.
  insert into cc_private.token_use as token_use (day, tokens, cost_micros)
  values (
    cc_private.today(), cc_private.tokens_of(work), coalesce((work ->> 'cost_micros')::bigint, 0)
  )
  on conflict on constraint token_use_pkey do update
  set tokens = token_use.tokens + excluded.tokens,
    cost_micros = token_use.cost_micros + excluded.cost_micros
  returning token_use.tokens into used;

  if used >= budget then
    perform cc_private.raise_alert('budget_used_up', format(
      '%s of %s tokens are used today; the rules answer until midnight UTC', used, budget
    ));
  end if;
end;
$$;

comment on function cc_private.count_tokens(jsonb) is 'Adds the work to the day of all customers; an alert when the budget is used up. The last step of its transaction.';
revoke all on function cc_private.count_tokens(jsonb) from public, anon, authenticated, service_role;
