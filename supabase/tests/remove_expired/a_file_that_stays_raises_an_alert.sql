begin;
select plan(2);

-- SETUP
select tests.alerts();
insert into cc_private.file_deletions (storage_path, attempt) values ('conversation/message/0', 9);

-- TEST
select cc_private.remove_expired();
select is(tests.alert('files_undeleted'), null, 'Storage has some time');
select public.claim_file_deletions(1);
select cc_private.remove_expired();
select isnt(tests.alert('files_undeleted'), null, 'then the operator hears of it');

select * from finish();
rollback;
