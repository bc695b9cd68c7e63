begin;
select plan(4);

-- SETUP
select tests.uncertain_send();

-- TEST
select is(tests.take_over('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', ago => '0 seconds'), 'in_doubt', 'a send of ours is in doubt');
select is(
  public.compare_messages(jsonb_build_array(jsonb_build_object(
    'sid', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'to_address', tests.customer(), 'date_created', clock_timestamp()
  ))),
  '[{"sid": "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "standing": "in_doubt"}]', 'and the comparison says so'
);
select is(tests.take_over(ago => '1 hour'), 'taken_over', 'what is older than the send is not it');
select is((select send_state from tests.outbound(1)), 'uncertain', 'our own stays in doubt');

select * from finish();
rollback;
