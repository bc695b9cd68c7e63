begin;
select plan(5);

-- SETUP
insert into cc_private.file_deletions (storage_path) values ('conversation/message/0');
create temp table claim as select public.claim_file_deletions(1) -> 0 as file;

-- TEST
select is(public.claim_file_deletions(1), '[]', 'each file goes to one worker');
select is(
  public.record_file_deletion((file ->> 'deletion_id')::uuid, 1, 'postponed', 'storage_503') ->> 'outcome',
  'postponed', 'what did not go is tried again'
)
from claim;
select cmp_ok(due_at, '>', clock_timestamp(), 'later') from cc_private.file_deletions;
select is(
  public.record_file_deletion((file ->> 'deletion_id')::uuid, 0, 'deleted') ->> 'outcome',
  'lease_lost', 'an older claim says nothing'
)
from claim;
select throws_ok(
  'select public.record_file_deletion(gen_random_uuid(), 1, ''lost'')', 'SB003', null, 'there is no other end'
);

select * from finish();
rollback;
