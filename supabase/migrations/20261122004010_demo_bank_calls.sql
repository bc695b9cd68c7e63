-- What the orchestrator's adapter of the demo bank calls. Each call is bound to one customer of the bank,
-- and finds nothing of another's. The answers are what an agent is told.

create function public.demo_bank_find_customer(phone text)
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
      select jsonb_build_object('outcome', 'found', 'customer_id', known.id, 'phone', known.phone)
      from demo_bank.customers as known
      where known.phone = demo_bank_find_customer.phone
    ),
    '{"outcome": "not_found"}'
  )
$$;

comment on function public.demo_bank_find_customer(text) is 'The demo bank''s customer with this phone number: found or not_found. Definer: callers have no grant on any table.';
revoke all on function public.demo_bank_find_customer(text) from public, anon, authenticated;
grant execute on function public.demo_bank_find_customer(text) to service_role;

create function public.demo_bank_list_accounts(customer_id uuid)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'account_id', account.id,
    'name', account.name,
    'currency', account.currency,
    'balance_cents', account.balance_cents,
    'cards', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'last_digits', card.last_digits, 'is_blocked', card.blocked_at is not null
      ) order by card.last_digits), '[]')
      from demo_bank.cards as card
      where card.account_id = account.id
    )
  ) order by account.id), '[]')
  from demo_bank.accounts as account
  where account.customer_id = demo_bank_list_accounts.customer_id
$$;

comment on function public.demo_bank_list_accounts(uuid) is 'A demo customer''s accounts with balances and cards. Definer: callers have no grant on any table.';
revoke all on function public.demo_bank_list_accounts(uuid) from public, anon, authenticated;
grant execute on function public.demo_bank_list_accounts(uuid) to service_role;

create function public.demo_bank_list_transactions(customer_id uuid, account_id text, maximum integer)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select case when exists (
    select
    from demo_bank.accounts as account
    where account.id = demo_bank_list_transactions.account_id
      and account.customer_id = demo_bank_list_transactions.customer_id
  ) then jsonb_build_object('outcome', 'found', 'transactions', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'booked_on', latest.booked_on, 'text', latest.text, 'amount_cents', latest.amount_cents
    ) order by latest.booked_on desc, latest.id desc), '[]')
    from (
      select booked.*
      from demo_bank.transactions as booked
      where booked.account_id = demo_bank_list_transactions.account_id
      order by booked.booked_on desc, booked.id desc
      limit least(greatest(maximum, 1), 20)
    ) as latest
  ))
  else '{"outcome": "unknown_account"}' end
$$;

comment on function public.demo_bank_list_transactions(uuid, text, integer) is 'The latest bookings on a demo customer''s own account, twenty at most: found or unknown_account. Definer: callers have no grant on any table.';
revoke all on function public.demo_bank_list_transactions(uuid, text, integer) from public, anon, authenticated;
grant execute on function public.demo_bank_list_transactions(uuid, text, integer) to service_role;

create function public.demo_bank_block_card(customer_id uuid, last_digits text, idempotency_key uuid)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  outcome text := 'unknown_card';
  kept demo_bank.effects;
begin
  -- A repeat waits here for whoever has the key, and gets that result.
  insert into demo_bank.effects as effect (idempotency_key, customer_id, kind, result)
  values (demo_bank_block_card.idempotency_key, demo_bank_block_card.customer_id, 'block_card', '{}')
  on conflict on constraint effects_pkey do nothing;
  if not found then
    select effect.* into kept
    from demo_bank.effects as effect
    where effect.idempotency_key = demo_bank_block_card.idempotency_key
      and effect.customer_id = demo_bank_block_card.customer_id and effect.kind = 'block_card';
    return coalesce(kept.result, '{"outcome": "key_used"}');
  end if;

  if exists (
    select
    from demo_bank.cards as card
    join demo_bank.accounts as account on account.id = card.account_id
    where account.customer_id = demo_bank_block_card.customer_id
      and card.last_digits = demo_bank_block_card.last_digits
  ) then
    update demo_bank.cards as card
    set blocked_at = clock_timestamp(), block_count = card.block_count + 1
    from demo_bank.accounts as account
    where account.id = card.account_id and account.customer_id = demo_bank_block_card.customer_id
      and card.last_digits = demo_bank_block_card.last_digits and card.blocked_at is null;
    outcome := case when found then 'blocked' else 'already_blocked' end;
  end if;
  update demo_bank.effects as effect
  set result = jsonb_build_object('outcome', outcome)
  where effect.idempotency_key = demo_bank_block_card.idempotency_key;
  return jsonb_build_object('outcome', outcome);
end;
$$;

comment on function public.demo_bank_block_card(uuid, text, uuid) is 'Blocks a demo customer''s own card, once under one key: blocked, already_blocked, unknown_card or key_used (for something else). Definer: callers have no grant on any table.';
revoke all on function public.demo_bank_block_card(uuid, text, uuid) from public, anon, authenticated;
grant execute on function public.demo_bank_block_card(uuid, text, uuid) to service_role;

create function public.demo_bank_find_branches(place text default null)
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'name', branch.name, 'city', branch.city, 'address', branch.address, 'hours', branch.hours
  ) order by branch.name), '[]')
  from demo_bank.branches as branch
  where place is null
    or position(lower(place) in lower(concat_ws(' ', branch.name, branch.city, branch.address))) > 0
$$;

comment on function public.demo_bank_find_branches(text) is 'The demo bank''s branches with this in name, city or address; null: all. Definer: callers have no grant on any table.';
revoke all on function public.demo_bank_find_branches(text) from public, anon, authenticated;
grant execute on function public.demo_bank_find_branches(text) to service_role;

create function public.demo_bank_open_case(
  subject text,
  description text,
  is_verified boolean,
  idempotency_key uuid,
  customer_id uuid default null
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
declare
  case_number bigint;
begin
  insert into demo_bank.effects as effect (idempotency_key, customer_id, kind, result)
  values (demo_bank_open_case.idempotency_key, demo_bank_open_case.customer_id, 'open_case', '{}')
  on conflict on constraint effects_pkey do nothing;
  if not found then
    return coalesce((
      select effect.result
      from demo_bank.effects as effect
      where effect.idempotency_key = demo_bank_open_case.idempotency_key
        and effect.customer_id is not distinct from demo_bank_open_case.customer_id and effect.kind = 'open_case'
    ), '{"outcome": "key_used"}');
  end if;
  insert into demo_bank.cases as opened (customer_id, subject, description, is_verified)
  values (
    demo_bank_open_case.customer_id, demo_bank_open_case.subject, demo_bank_open_case.description,
    demo_bank_open_case.is_verified
  )
  returning opened.number into case_number;
  update demo_bank.effects as effect
  set result = jsonb_build_object('outcome', 'opened', 'case_number', case_number)
  where effect.idempotency_key = demo_bank_open_case.idempotency_key;
  return jsonb_build_object('outcome', 'opened', 'case_number', case_number);
end;
$$;

comment on function public.demo_bank_open_case(text, text, boolean, uuid, uuid) is 'Opens a case at the demo bank, once under one key: opened with case_number, or key_used (for something else). Definer: callers have no grant on any table.';
revoke all on function public.demo_bank_open_case(text, text, boolean, uuid, uuid) from public, anon, authenticated;
grant execute on function public.demo_bank_open_case(text, text, boolean, uuid, uuid) to service_role;
