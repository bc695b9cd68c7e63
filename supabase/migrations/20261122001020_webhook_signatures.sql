-- Twilio's signature has no time in it and no delimiters between names and values: a captured request
-- stays valid for ever, and so does every other split of its bytes. What is signed is the same text
-- each time, and so is the signature: the one index over all of them decides what is a repeat, whether
-- the bytes came as a message, as a status or as something that nobody understood.

create table cc_private.webhook_signatures (
  signature text primary key,
  taken_at timestamptz not null default now()
);

comment on table cc_private.webhook_signatures is 'The signature of every webhook that had its effect: seen again, however it is split, it has none.';

alter table cc_private.webhook_signatures enable row level security;
create policy "the api reads nothing here" on cc_private.webhook_signatures
  for all to anon, authenticated using (false);
revoke all on cc_private.webhook_signatures from public, anon, authenticated, service_role;

create function cc_private.take_signature(signature text)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- What did not come by a webhook has none.
  if take_signature.signature is null then
    return true;
  end if;
  -- Before any other lock: who waits here for another transaction holds nothing.
  insert into cc_private.webhook_signatures as taken (signature) values (take_signature.signature)
  on conflict on constraint webhook_signatures_pkey do nothing;
  return found;
end;
$$;

comment on function cc_private.take_signature(text) is 'True for the first transaction with this signature, however many come at once; false for a repeat.';
revoke all on function cc_private.take_signature(text) from public, anon, authenticated, service_role;

create function cc_private.keep_signature(signature text)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if not exists (
    select from cc_private.webhook_signatures as taken where taken.signature = keep_signature.signature
  ) then
    perform cc_private.take_signature(keep_signature.signature);
  end if;
end;
$$;

comment on function cc_private.keep_signature(text) is 'Keeps a signature under which a known message came again (by the fallback URL, say); writes nothing when it is kept already.';
revoke all on function cc_private.keep_signature(text) from public, anon, authenticated, service_role;

create function cc_private.refuse_replay()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  raise exception 'Cannot take webhook: its signature was taken before' using
    errcode = 'SB005',
    detail = 'The same signed bytes came before, split into other parameters.',
    hint = 'Nothing is to be done: whatever Twilio sent with this signature has had its effect.';
end;
$$;

comment on function cc_private.refuse_replay() is 'Ends a call whose signed bytes had their effect before, as another kind of webhook.';
revoke all on function cc_private.refuse_replay() from public, anon, authenticated, service_role;
