begin;
select plan(3);

-- SETUP
select tests.receive('One');
select tests.claim();
select tests.receive('Two');

-- TEST
select is(tests.claim(), '{"outcome": "busy"}', 'whoever comes second is told that it is busy');
select is((tests.turn('running')).attempt, 1, 'the running turn keeps its attempt');
select is((tests.turn('pending')).attempt, 0, 'the next turn waits until it is finished');

select * from finish();
rollback;
