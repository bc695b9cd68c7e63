-- Whether the person who writes is who the bank thinks it is. Nothing about an account is told before a
-- conversation is verified by a one-time code, which went to the number that the bank has on file, on
-- another channel. Six digits can all be tried by whoever has their hash: so it is keyed, and the key is
-- in Vault, not beside it.

create extension if not exists pgcrypto with schema extensions;

do $$
begin
  if not exists (select from vault.secrets as secret where secret.name = 'code_key') then
    perform vault.create_secret(
      encode(extensions.gen_random_bytes(32), 'hex'), 'code_key',
      'Keys the hashes of one-time codes. With another key, codes under way count no more.'
    );
  end if;
end;
$$;

create table public.cc_verifications (
  conversation_id uuid primary key references public.cc_conversations,
  state text not null
    constraint state_is_valid check (state in ('asked', 'verified', 'ended')),
  challenge_id uuid not null,
  code_hash bytea,
  earlier_hashes bytea[] not null default '{}',
  target_hash bytea not null,
  channel text not null,
  wrong_count integer not null default 0,
  asked_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz,
  expires_at timestamptz not null,
  verified_at timestamptz,
  verified_until timestamptz,
  parts bytea,
  parts_seq bigint,
  parts_at timestamptz,

  constraint code_hash_only_when_asked check ((state = 'asked') = (code_hash is not null)),
  constraint parts_only_when_asked
    check (num_nulls(parts, parts_seq, parts_at) in (0, 3) and (parts is null or state = 'asked')),
  constraint verified_has_its_times
    check ((state = 'verified') = (verified_until is not null) and (state <> 'verified' or verified_at is not null))
);

create index cc_verifications_asked_at_idx on public.cc_verifications (asked_at);
create index cc_verifications_parts_at_idx on public.cc_verifications (parts_at) where parts is not null;

comment on table public.cc_verifications is 'How far each conversation is with proving who writes: a code was asked for, it came back, or it is over.';
comment on column public.cc_verifications.challenge_id is 'The newest code; a sender''s word about an older one counts no more.';
comment on column public.cc_verifications.code_hash is 'HMAC-SHA-256 of conversation and code, keyed by code_key in Vault; only while the code may still be given.';
comment on column public.cc_verifications.earlier_hashes is 'The same of all codes of this conversation, so that an old one is masked when it is written later.';
comment on column public.cc_verifications.target_hash is 'HMAC-SHA-256 of the address to which the code went.';
comment on column public.cc_verifications.channel is 'The channel on which it went: never the conversation''s own.';
comment on column public.cc_verifications.wrong_count is 'How many wrong codes were written since the newest was made.';
comment on column public.cc_verifications.parts is 'The digits of the latest messages that may be parts of the code, encrypted with a key made from code_key; for two minutes, and never longer than the code is asked for.';
comment on column public.cc_verifications.parts_seq is 'The seq of the newest of those messages: only the next one goes on.';
comment on column public.cc_verifications.sent_at is 'When the sender took it; null is a code that nobody may have got.';

alter table public.cc_verifications enable row level security;
create policy "the api reads nothing here" on public.cc_verifications
  for all to anon, authenticated using (false);
revoke all on public.cc_verifications from public, anon, authenticated, service_role;

create table cc_private.code_targets (
  target_hash bytea primary key,
  sent_count integer not null default 0,
  sent_since timestamptz not null default clock_timestamp(),
  sent_at timestamptz not null default clock_timestamp(),
  wrong_count integer not null default 0,
  wrong_since timestamptz not null default clock_timestamp()
);

create index code_targets_sent_at_idx on cc_private.code_targets (sent_at);

comment on table cc_private.code_targets is 'How many codes went to an address (as HMAC-SHA-256), and how many were guessed wrong, whichever conversations asked: so that nobody begins anew with another.';
comment on column cc_private.code_targets.sent_count is 'Codes since sent_since, for an hour.';
comment on column cc_private.code_targets.wrong_count is 'Wrong codes since wrong_since, for a day.';
alter table cc_private.code_targets enable row level security;
create policy "the api reads nothing here" on cc_private.code_targets
  for all to anon, authenticated using (false);

alter table public.cc_settings
  add column code_minutes integer not null default 10
    constraint code_minutes_is_short check (code_minutes between 1 and 60),
  add column code_attempts integer not null default 5
    constraint code_attempts_are_few check (code_attempts between 1 and 10),
  add column code_resend_seconds integer not null default 60
    constraint code_resend_seconds_is_positive check (code_resend_seconds > 0),
  add column codes_per_hour integer not null default 3
    constraint codes_per_hour_is_positive check (codes_per_hour > 0),
  add column wrong_codes_per_day integer not null default 10
    constraint wrong_codes_per_day_are_few check (wrong_codes_per_day between 1 and 100),
  add column verified_minutes integer not null default 30
    constraint verified_minutes_is_positive check (verified_minutes > 0);

comment on column public.cc_settings.code_minutes is 'How long a one-time code may be given. Minutes.';
comment on column public.cc_settings.code_attempts is 'So many wrong codes, and the one that was sent counts no more.';
comment on column public.cc_settings.code_resend_seconds is 'Another code leaves no sooner than this after the last. Seconds.';
comment on column public.cc_settings.codes_per_hour is 'So many codes leave for one number in an hour, whoever asks. Codes per hour.';
comment on column public.cc_settings.wrong_codes_per_day is 'After so many wrong codes for one number, in all conversations together, none counts for a day. Codes per day.';
comment on column public.cc_settings.verified_minutes is 'How long a conversation stays verified. Minutes.';

create function cc_private.code_hash(about text, secret text)
returns bytea
language sql
stable
set search_path = ''
as $$
  select extensions.hmac(
    convert_to(jsonb_build_array(about, secret)::text, 'UTF8'),
    decode(cc_private.vault_secret('code_key'), 'hex'),
    'sha256'
  )
$$;

comment on function cc_private.code_hash(text, text) is 'HMAC-SHA-256 of a code and its conversation, or of an address; raises SB002 without the key. Who compares hashes learns from the time it takes nothing of the code.';
revoke all on function cc_private.code_hash(text, text) from public, anon, authenticated, service_role;

create function cc_private.is_verified(conversation_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select exists (
      select
      from public.cc_verifications as verification
      where verification.conversation_id = is_verified.conversation_id
        and verification.state = 'verified' and verification.verified_until > statement_timestamp()
    )
  );
end;
$$;

comment on function cc_private.is_verified(uuid) is 'Whether the conversation is verified now.';
revoke all on function cc_private.is_verified(uuid) from public, anon, authenticated, service_role;
