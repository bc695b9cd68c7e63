begin;
select plan(2);

-- TEST
select results_eq(
  $$
    select string_agg(word, ' = ' order by number)
    from unnest(array[
      'accepted', 'scheduled', 'queued', 'sending', 'sent', 'failed', 'undelivered', 'canceled',
      'delivered', 'read'
    ]) with ordinality as said (word, number)
    group by cc_private.delivery_rank(word)
    order by cc_private.delivery_rank(word)
  $$,
  $$
    values ('accepted = scheduled'), ('queued'), ('sending'), ('sent'),
      ('failed = undelivered = canceled'), ('delivered'), ('read')
  $$,
  'each word has its rank'
);
select results_eq(
  $$ select cc_private.delivery_rank(word) from unnest(array['dancing', '', null]) as word $$,
  $$ values (0), (0), (-1) $$,
  'an unknown word has the lowest, and none is lower still'
);

select * from finish();
rollback;
