begin;
select plan(5);

-- SETUP
create temp table doubt as select tests.uncertain_send('Hi') as id;
select tests.receive('Hi', sid => 'SMcccccccccccccccccccccccccccccccc');
create function pg_temp.settle(sid text, body text, created_at timestamptz) returns text language sql
as $$
  select public.settle_send(id, 1, clock_timestamp(), jsonb_build_array(
    jsonb_build_object('sid', sid, 'body', body, 'status', 'sent', 'date_created', created_at)
  )) ->> 'outcome'
  from doubt
$$;
create temp table claim as select send_claimed_at as claimed_at from tests.outbound(1);

-- TEST
select is(
  pg_temp.settle('SMcccccccccccccccccccccccccccccccc', 'Hi', now()), 'too_early',
  'a message that we know is another one'
);
select is(
  pg_temp.settle('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Hi there', now()), 'too_early', 'so is one with another body'
);
select is(
  (select pg_temp.settle('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Hi', claimed_at - interval '11 seconds') from claim),
  'too_early', 'or from before the claim'
);
select is((tests.outbound(1)).send_state, 'uncertain', 'the doubt stays');
-- Twilio's times have whole seconds and its clock is not ours; it may trim what it sends.
select is(
  (select pg_temp.settle('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', ' Hi ', claimed_at - interval '2 seconds') from claim),
  'found', 'a little is forgiven'
);

select * from finish();
rollback;
