begin;
select plan(4);

-- SETUP
select tests.orchestrator(key => 'the key');
delete from vault.secrets where name = 'alert_url';
create temp table answer as select public.check_installation('some salt') as told;

-- TEST
select is(
  (select told #>> '{secrets, orchestrator_key}' from answer),
  encode(sha256('some saltthe key'), 'hex'), 'who knows key and salt finds the same digest'
);
select isnt(
  public.check_installation('another salt') #>> '{secrets, orchestrator_key}',
  (select told #>> '{secrets, orchestrator_key}' from answer), 'each salt has digests of its own'
);
select ok(
  (select told -> 'secrets' ? 'alert_url' and told #>> '{secrets, alert_url}' is null from answer),
  'one that is missing is named'
);
select unalike((select told::text from answer), '%the key%', 'and no secret is in the answer');

select * from finish();
rollback;
