begin;
select plan(4);

-- SETUP
select tests.reply('First answer');
select tests.reply('Second answer');
update public.cc_messages set send_state = 'refused' where body_text = 'Second answer';
update public.cc_conversations set status = 'closed', created_at = now() - interval '2 days' where id = tests.conversation();
select tests.receive('Somebody else', customer_address => 'whatsapp:+15005550198');
select tests.receive('New');
create function pg_temp.history() returns table (text text, previous boolean) language plpgsql
as $$
begin
  perform tests.expire_leases();
  perform cc_private.expire_turn_leases();
  return query select found.text, found.previous
    from jsonb_to_recordset(tests.claim() -> 'history') as found (text text, previous boolean);
end;
$$;

-- TEST
select results_eq(
  'select * from pg_temp.history()',
  $$ values ('Hello', true), ('First answer', true), ('Hello', true) $$,
  'the customer''s own, without what was refused, marked'
);
update public.cc_settings set history_messages = 1 where id;
select results_eq('select * from pg_temp.history()', $$ values ('Hello', true) $$, 'the last ones first');
update public.cc_settings set history_messages = 0 where id;
select is_empty('select * from pg_temp.history()', 'none where there is no room');
update public.cc_settings set history_messages = 2 where id;
select cc_private.store_outbound_messages(tests.conversation(), null, 'notice', array['Of this one']);
select results_eq(
  'select * from pg_temp.history()', $$ values ('Hello', true), ('Of this one', null) $$,
  'after them what was said in this one'
);

select * from finish();
rollback;
