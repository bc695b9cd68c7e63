begin;
select plan(3);

-- SETUP
create function pg_temp.of(person integer) returns text language sql
as $$ select 'whatsapp:+1500555020' || person $$;
select tests.receive('Hello', customer_address => pg_temp.of(person)) from generate_series(1, 7) as person;
-- Three wait since the same moment: only their ids tell them apart.
update public.cc_turns set state = 'answered', due_at = null, finished_at = now()
where conversation_id in (
  select tests.conversation(pg_temp.of(person)) from generate_series(4, 7) as person
);

create function pg_temp.read(page_size integer) returns text[] language plpgsql
as $$
declare
  page jsonb;
  after text;
  found text[] := '{}';
begin
  loop
    page := public.list_conversations(after => after, maximum => page_size, is_revealed => true);
    found := found || array(
      select conversation ->> 'address'
      from jsonb_array_elements(page -> 'conversations') as conversation
      where conversation ->> 'address' like 'whatsapp:+1500555020_'
    );
    after := page ->> 'after';
    exit when after is null;
  end loop;
  return found;
end;
$$;

-- TEST
select is(cardinality(pg_temp.read(200)), 7, 'one page has all');
select is(pg_temp.read(1), pg_temp.read(200), 'pages of one give the same, in the same order');
select is(pg_temp.read(3), pg_temp.read(200), 'and so do pages that end where the waiting end');

select * from finish();
rollback;
