begin;
select plan(5);

-- SETUP
select tests.alerts();
select tests.recover('Yesterday', '25 hours', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
select tests.recover('An hour ago', '1 hour', 'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
create function pg_temp.turn(sid text) returns public.cc_turns language sql
as $$ select turn from public.cc_turns as turn where turn.id = (tests.message(sid)).turn_id $$;

-- TEST
select is(
  (pg_temp.turn('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).silent_reason, 'outside_window', 'after 24 hours there is no answer'
);
select ok(tests.alert('recovered_too_late') is not null, 'and somebody is told');
select is((pg_temp.turn('SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb')).state, 'pending', 'before that there is');
select tests.recover('By SMS', '25 hours', 'SMcccccccccccccccccccccccccccccccc', channel => 'sms');
select is(
  (pg_temp.turn('SMcccccccccccccccccccccccccccccccc')).silent_reason, 'outside_window', 'SMS is treated alike'
);
select is((tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).body_text, 'Yesterday', 'the message is kept');

select * from finish();
rollback;
