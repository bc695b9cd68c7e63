-- The files of an inbound message, noted in the transaction that stores it. Whatever goes wrong with
-- them here must not cost the message.

create function cc_private.note_media(message public.cc_messages)
returns bigint
language sql
volatile
set search_path = ''
as $$
  with noted as (
    insert into public.cc_media (message_id, position, url, content_type)
    select
      message.id,
      listed.number - 1,
      coalesce(listed.media ->> 'url', ''),
      coalesce(listed.media ->> 'content_type', '')
    from jsonb_array_elements(coalesce(message.body_json -> 'media', '[]'))
      with ordinality as listed (media, number)
    on conflict on constraint cc_media_position_key do nothing
    returning 1
  )
  select count(*) from noted
$$;

comment on function cc_private.note_media(public.cc_messages) is 'Notes the files that the message lists and that are not known yet; gives their number.';
revoke all on function cc_private.note_media(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.keep_media(message public.cc_messages)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  begin
    if cc_private.note_media(message) = 0 then
      return;
    end if;
  exception when others then
    perform cc_private.report_sweep_error('keep_media', message.id, sqlstate);
    return;
  end;
  begin
    perform cc_private.ring_function('media');
  exception when others then
    null; -- The sweep rings again, and says what keeps it from ringing.
  end;
end;
$$;

comment on function cc_private.keep_media(public.cc_messages) is 'Notes the message''s files and rings for them; never raises.';
revoke all on function cc_private.keep_media(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.keep_completed_media()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  perform cc_private.keep_media(new);
  return null;
end;
$$;

comment on function cc_private.keep_completed_media() is 'Keeps the files of a message that the sync brought: only its late webhook lists them.';
revoke all on function cc_private.keep_completed_media() from public, anon, authenticated, service_role;

create trigger keep_completed_media
  after update of body_json on public.cc_messages
  for each row when (new.direction = 'inbound' and new.body_json @? '$.media[0]')
  execute function cc_private.keep_completed_media();
