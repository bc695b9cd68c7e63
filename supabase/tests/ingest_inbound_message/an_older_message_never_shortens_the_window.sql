begin;
select plan(2);

-- SETUP
select tests.receive('Late', inbound_at => '2026-01-02 12:00Z');

-- TEST
select is(
  (select last_inbound_at from public.cc_conversations where id = tests.conversation()),
  '2026-01-02 12:00Z',
  'Twilio''s time of the message begins the window'
);
select tests.receive('Early', inbound_at => '2026-01-02 11:00Z');
select is(
  (select last_inbound_at from public.cc_conversations where id = tests.conversation()),
  '2026-01-02 12:00Z',
  'an older message that arrives later leaves it as it is'
);

select * from finish();
rollback;
