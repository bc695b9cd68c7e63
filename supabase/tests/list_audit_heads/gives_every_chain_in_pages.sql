begin;
select plan(4);

-- SETUP
select tests.receive('Hello', customer_address => format('whatsapp:+150055501%s', number)) from generate_series(10, 14) as number;
create function pg_temp.pages()
returns setof jsonb language plpgsql
as $$
declare
  page jsonb := public.list_audit_heads(maximum => 2);
begin
  while page <> '[]' loop
    return query select * from jsonb_array_elements(page);
    page := public.list_audit_heads((page -> -1 ->> 'chain_id')::uuid, 2);
  end loop;
end;
$$;

-- TEST
select results_eq(
  $$
    select (head ->> 'chain_id')::uuid, (head ->> 'row_count')::bigint, decode(head ->> 'head', 'hex')
    from pg_temp.pages() as head
  $$,
  'select id, row_count, head from cc_private.audit_chains order by id',
  'in the order of their ids, the chain without a conversation first'
);
select is(
  (select head -> 'last_row_id' from pg_temp.pages() as head where head ->> 'chain_id' = tests.conversation('whatsapp:+15005550110')::text),
  to_jsonb((select max(id) from public.cc_audit_logs where conversation_id = tests.conversation('whatsapp:+15005550110'))),
  'with the last row'
);
update cc_private.audit_chains set head = '\x00' where id = tests.conversation('whatsapp:+15005550110');
select is(
  (select head -> 'last_row_id' from pg_temp.pages() as head where head ->> 'chain_id' = tests.conversation('whatsapp:+15005550110')::text),
  'null', 'but not with one that has another hash'
);
select is(jsonb_array_length(public.list_audit_heads(maximum => 1000000)) <= 1000, true, 'never too many at once');

select * from finish();
rollback;
