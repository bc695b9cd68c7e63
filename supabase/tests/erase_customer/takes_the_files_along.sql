begin;
select plan(6);

-- SETUP
select tests.media();
create temp table message as select tests.receive_media('image/jpeg', 'image/png', 'image/gif') as id;
create temp table stored as select tests.claim_media() as claim;
select tests.record_media(claim, 'stored') from stored;
create temp table held as select tests.claim_media() as claim;
create temp table answer as
select public.erase_customer(customer_id) as said, customer_id
from public.cc_conversations where id = tests.conversation();

-- TEST
select is(said ->> 'remaining_files', '2', 'the stored file and the one in work are to go') from answer;
select is_empty('select media.id from public.cc_media as media join message on message.id = message_id', 'no file is known any more');
select is(tests.record_media(claim, 'stored'), 'erased', 'whoever fetches one is told') from held;
create temp table claimed as select public.claim_file_deletions(10) as files;
select is(jsonb_array_length(files), 1, 'the one in work goes when its lease has ended') from claimed;
select is(
  (select public.record_file_deletion((files -> 0 ->> 'deletion_id')::uuid, 1, 'deleted') ->> 'outcome' from claimed),
  'deleted', 'what Storage has deleted is done'
);
select is(public.erase_customer(customer_id) ->> 'remaining_files', '1', 'and counted no more') from answer;

select * from finish();
rollback;
