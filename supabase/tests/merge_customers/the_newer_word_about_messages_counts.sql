begin;
select plan(4);

-- SETUP
create function pg_temp.opted_out_after(
  elder_out interval, elder_in interval, younger_out interval, younger_in interval
)
returns boolean
language plpgsql
as $$
declare
  elder text := 'whatsapp:+1500555' || nextval('tests.sids');
  younger text := 'whatsapp:BR.PGTAP' || nextval('tests.sids');
begin
  perform tests.receive_as(elder), tests.receive_as(younger);
  update public.cc_customers as customer
  set created_at = now() - interval '1 day', opted_out_at = now() - elder_out, opted_in_at = now() - elder_in
  where customer.id = tests.customer_of(elder);
  update public.cc_customers as customer
  set opted_out_at = now() - younger_out, opted_in_at = now() - younger_in
  where customer.id = tests.customer_of(younger);
  perform tests.receive_as(elder, array[younger]);
  return (
    select customer.opted_out_at is not null
    from public.cc_customers as customer
    where customer.id = tests.customer_of(younger)
  );
end;
$$;

-- TEST
select ok(pg_temp.opted_out_after(null, null, '1 hour', null), 'who opted out as the younger one has opted out');
select ok(pg_temp.opted_out_after('1 hour', '2 hours', null, '3 hours'), 'also with an older START of both');
select ok(not pg_temp.opted_out_after('2 hours', null, null, '1 hour'), 'a START by the other address counts, if newer');
select ok(not pg_temp.opted_out_after(null, null, null, null), 'who said nothing gets messages');

select * from finish();
rollback;
