begin;
select plan(2);

-- TEST
select throws_ok(
  $$ select cc_private.append_audit(null, cc_private.audit_event('something_happened')) $$,
  '23514', null, 'an event that is not in the catalogue is refused'
);
select throws_ok(
  $$ select cc_private.append_audit(null, cc_private.audit_event('turn_claimed', 'robot')) $$,
  '23514', null, 'and so is an unknown actor'
);

select * from finish();
rollback;
