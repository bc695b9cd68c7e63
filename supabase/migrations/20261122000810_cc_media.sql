-- One file of an inbound message: an image, a voice note, a document. Its content is fetched in the
-- background, so a message never waits for it; the row says how far that is.

create table public.cc_media (
  id uuid primary key default cc_private.new_id(),
  message_id uuid not null references public.cc_messages,
  position integer not null
    constraint position_is_not_negative check (position >= 0),
  url text not null,
  content_type text not null,
  state text not null default 'waiting'
    constraint state_is_valid check (state in ('waiting', 'fetching', 'stored', 'failed')),
  attempt integer not null default 0,
  failure_count integer not null default 0,
  due_at timestamptz default clock_timestamp(),
  storage_path text,
  byte_size integer
    constraint byte_size_is_positive check (byte_size > 0),
  error_code text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,

  constraint due_until_finished check ((state in ('waiting', 'fetching')) = (due_at is not null)),
  constraint finished_at_only_when_finished
    check ((state in ('stored', 'failed')) = (finished_at is not null)),
  constraint storage_path_when_stored check ((state = 'stored') = (storage_path is not null)),
  constraint byte_size_when_stored check ((state = 'stored') = (byte_size is not null)),
  constraint error_when_failed check (state <> 'failed' or error_code is not null),
  constraint no_error_when_stored check (state <> 'stored' or error_code is null),
  constraint cc_media_position_key unique (message_id, position)
);

create index cc_media_due_idx on public.cc_media (due_at) where state in ('waiting', 'fetching');
create index cc_media_failed_idx on public.cc_media (finished_at) where state = 'failed';

comment on table public.cc_media is 'Each file of each inbound message: where it is stored, or why it is not yet, or never will be.';
comment on column public.cc_media.position is 'The file''s place in its message, from 0, as in body_json.media.';
comment on column public.cc_media.content_type is 'What Twilio said it is; once stored, what its content came as.';
comment on column public.cc_media.attempt is 'The fencing token: it grows with each claim, and only the newest holder may say how it ended.';
comment on column public.cc_media.due_at is 'Claimable from then on; for a file being fetched, the end of its lease.';
comment on column public.cc_media.storage_path is 'Where the content lies in the bucket cc-media: conversation/message/position.';
comment on column public.cc_media.error_code is 'Why the last attempt brought nothing; null once stored.';

alter table public.cc_media enable row level security;
create policy "the api reads nothing here" on public.cc_media
  for all to anon, authenticated using (false);
revoke all on public.cc_media from public, anon, authenticated, service_role;
