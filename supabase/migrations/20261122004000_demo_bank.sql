-- A bank to try things with: customers, accounts, cards, branches and cases that nobody has. Its tables
-- stand in a schema of their own and are empty: the local stack fills them (`demo_bank.fill`), a hosted
-- project does not, and the orchestrator asks it only when its setting says BANK=demo.

create schema demo_bank;
comment on schema demo_bank is 'Invented customers and money, for demonstrations and tests; nothing in it is true of anybody.';
revoke all on schema demo_bank from public, anon, authenticated, service_role;

create table demo_bank.customers (
  id uuid primary key default gen_random_uuid(),
  phone text not null unique constraint phone_is_e164 check (phone ~ '^\+[1-9][0-9]{6,14}$')
);
comment on table demo_bank.customers is 'Invented customers, by the phone number that the bank has on file.';

create table demo_bank.accounts (
  id text primary key,
  customer_id uuid not null references demo_bank.customers on delete cascade,
  name text not null,
  currency text not null,
  balance_cents bigint not null
);
create index accounts_customer_id_idx on demo_bank.accounts (customer_id);
comment on table demo_bank.accounts is 'Their accounts; a balance in hundredths of the currency.';

create table demo_bank.transactions (
  id bigint generated always as identity primary key,
  account_id text not null references demo_bank.accounts on delete cascade,
  booked_on date not null,
  text text not null,
  amount_cents bigint not null
);
create index transactions_account_id_idx on demo_bank.transactions (account_id, booked_on desc);
comment on table demo_bank.transactions is 'What was booked on the accounts.';

create table demo_bank.cards (
  account_id text not null references demo_bank.accounts on delete cascade,
  last_digits text not null constraint last_digits_are_four check (last_digits ~ '^[0-9]{4}$'),
  blocked_at timestamptz,
  block_count integer not null default 0,
  primary key (account_id, last_digits)
);
comment on table demo_bank.cards is 'The accounts'' cards; block_count is how often one was blocked, which should be once at most.';

create table demo_bank.branches (
  name text primary key,
  city text not null,
  address text not null,
  hours text not null
);
comment on table demo_bank.branches is 'Invented branches.';

create table demo_bank.cases (
  number bigint generated always as identity primary key,
  customer_id uuid references demo_bank.customers on delete cascade,
  subject text not null,
  description text not null,
  is_verified boolean not null,
  created_at timestamptz not null default now()
);
create index cases_customer_id_idx on demo_bank.cases (customer_id);
comment on table demo_bank.cases is 'Cases that agents opened for them, in the customer''s words.';

create table demo_bank.effects (
  idempotency_key uuid primary key,
  customer_id uuid references demo_bank.customers on delete cascade,
  kind text not null,
  result jsonb not null,
  created_at timestamptz not null default now()
);
create index effects_customer_id_idx on demo_bank.effects (customer_id);
comment on table demo_bank.effects is 'What was done under which idempotency key, and the result that a repeat gets.';

do $$
declare
  name text;
begin
  foreach name in array '{customers,accounts,transactions,cards,branches,cases,effects}'::text[] loop
    execute format('alter table demo_bank.%I enable row level security', name);
    execute format(
      'create policy "the api reads nothing here" on demo_bank.%I for all to anon, authenticated using (false)', name
    );
    execute format('revoke all on demo_bank.%I from public, anon, authenticated, service_role', name);
  end loop;
end;
$$;

create function demo_bank.fill(phone text)
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  customer_id uuid;
  suffix text := right(phone, 6);
begin
  insert into demo_bank.branches (name, city, address, hours)
  values
    ('Central', 'Berlin', 'Friedrichstraße 1', 'Mon-Fri 9:00-17:00'),
    ('Harbour', 'Hamburg', 'Am Sandtorkai 5', 'Mon-Fri 9:00-16:00, Sat 9:00-12:00'),
    ('Paulista', 'São Paulo', 'Avenida Paulista 900', 'Mon-Fri 10:00-16:00')
  on conflict do nothing;
  insert into demo_bank.customers (phone) values (fill.phone) on conflict do nothing returning id into customer_id;
  if customer_id is null then
    return (select known.id from demo_bank.customers as known where known.phone = fill.phone);
  end if;
  insert into demo_bank.accounts (id, customer_id, name, currency, balance_cents)
  values
    ('current-' || suffix, customer_id, 'Current account', 'EUR', 123456),
    ('savings-' || suffix, customer_id, 'Savings account', 'EUR', 987650);
  insert into demo_bank.transactions (account_id, booked_on, text, amount_cents)
  values
    ('current-' || suffix, current_date, 'Greengrocer', -2350),
    ('current-' || suffix, current_date - 2, 'Rent', -85000),
    ('current-' || suffix, current_date - 5, 'Salary', 240000);
  insert into demo_bank.cards (account_id, last_digits)
  values ('current-' || suffix, '4242'), ('savings-' || suffix, '1881');
  return customer_id;
end;
$$;

comment on function demo_bank.fill(text) is 'Invents a customer with this phone number, two accounts, some bookings and two cards; once.';
revoke all on function demo_bank.fill(text) from public, anon, authenticated, service_role;
