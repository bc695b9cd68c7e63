begin;
select plan(5);

-- SETUP
select tests.alerts();

-- TEST
delete from vault.secrets where name = 'alert_url';
select is(cc_private.raise_alert('test', 'something'), false, 'without a URL nothing leaves');
select is(tests.alert('test'), null, 'and no cool-down begins');
select vault.create_secret('not a url', 'alert_url');
select is(cc_private.raise_alert('test', 'something'), false, 'a bad URL is no error either');
select is(cc_private.raise_alert('Not a word!', 'something'), false, 'nor a kind that is none');
set local client_min_messages = warning;
drop extension pg_net cascade;
select is(cc_private.raise_alert('test', 'something'), false, 'nor the lack of pg_net');

select * from finish();
rollback;
