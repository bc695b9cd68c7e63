-- What an operator's screen shows of a customer before it is asked for: enough to tell two customers
-- apart, and no more.

create function cc_private.masked_text(value text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case when value = '' then '' else format('••• (%s)', length(value)) end
$$;

comment on function cc_private.masked_text(text) is 'A text as its length alone; null stays null.';
revoke all on function cc_private.masked_text(text) from public, anon, authenticated, service_role;

create function cc_private.masked_address(address text)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when address = '' then ''
    else regexp_replace(address, '^(whatsapp:)?.*?(.{0,2})$', '\1•••\2')
  end
$$;

comment on function cc_private.masked_address(text) is 'An address as its channel and its last two characters.';
revoke all on function cc_private.masked_address(text) from public, anon, authenticated, service_role;

create function cc_private.masked_name(name text)
returns text
language sql
immutable
set search_path = ''
as $$
  select left(name, 1) || '•••'
$$;

comment on function cc_private.masked_name(text) is 'A name as its first letter.';
revoke all on function cc_private.masked_name(text) from public, anon, authenticated, service_role;

create function cc_private.shown_row(shown jsonb, is_revealed boolean)
returns text
language sql
immutable
set search_path = ''
as $$
  -- An allow-list, by the names of columns: a column that nobody thought of is masked.
  select coalesce(jsonb_object_agg(field.key, case
    when is_revealed then field.value
    when jsonb_typeof(field.value) in ('null', 'number', 'boolean') then field.value
    when field.key = 'provider_conversation_id' or field.key ~ '_address$'
      then to_jsonb(cc_private.masked_address(field.value #>> '{}'))
    when field.key = 'body_json' then jsonb_build_object('kind', field.value -> 'kind', '•••', '•••')
    when field.key ~ '^(id|direction|provider|channel|status|state|handler)$'
      or field.key ~ '_(at|id|sid|code|state|status|until|since|reason)$' then field.value
    else to_jsonb(cc_private.masked_text(field.value #>> '{}'))
  end), '{}')::text
  from jsonb_each(shown_row.shown) as field
$$;

comment on function cc_private.shown_row(jsonb, boolean) is 'A row as JSON text, in its own words; unless revealed, with nothing but ids, states, times and numbers.';
revoke all on function cc_private.shown_row(jsonb, boolean) from public, anon, authenticated, service_role;
