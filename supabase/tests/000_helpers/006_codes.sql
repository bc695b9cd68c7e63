-- The steps of proving who writes.

begin;

-- A turn asks for a code, which then leaves; gives what begin_verification gave.
create function tests.ask_for_code(
  customer_address text default tests.customer(),
  phone text default '+15005550199',
  again boolean default false
)
returns jsonb language plpgsql volatile
as $$
declare
  begun jsonb;
  turn_id uuid;
begin
  perform tests.receive('What is my balance?', customer_address => ask_for_code.customer_address);
  turn_id := (tests.claim(tests.conversation(ask_for_code.customer_address)) ->> 'turn_id')::uuid;
  begun := public.begin_verification(
    turn_id, (select turn.attempt from public.cc_turns as turn where turn.id = turn_id),
    'sms', phone, ask_for_code.again
  );
  if begun ->> 'outcome' = 'asked' then
    perform public.record_code((begun ->> 'challenge_id')::uuid);
  end if;
  perform public.complete_turn(
    turn_id, (select turn.attempt from public.cc_turns as turn where turn.id = turn_id), array['A code was sent.']
  );
  return begun;
end;
$$;

create function tests.another_code(code text)
returns text language sql immutable
as $$ select lpad(((code::integer + 1) % 1000000)::text, 6, '0') $$;

create function tests.is_verified(customer_address text default tests.customer())
returns boolean language sql stable
as $$ select cc_private.is_verified(tests.conversation(customer_address)) $$;

select plan(1);
select has_function('tests'::name, 'ask_for_code'::name);
select * from finish();
commit;
