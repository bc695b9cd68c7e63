-- What looks like a one-time code in what a customer writes, however it is written, and what stands in
-- its place in everything that is kept: [code: wrong].

create function cc_private.plain_digits(body text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select translate(
      body, '０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '012345678901234567890123456789'
    )
  );
end;
$$;

comment on function cc_private.plain_digits(text) is 'The text with the digits of other scripts as 0 to 9.';
revoke all on function cc_private.plain_digits(text) from public, anon, authenticated, service_role;

create function cc_private.code_pattern()
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Six digits in a row, or with one sign between them that people put there, and no seventh.
  return (
    select '(?<![0-9])[0-9]{6}(?![0-9])'
      || '|(?<![0-9])(?<![0-9][ .\u00a0\u2009\u200b\u2060-])[0-9](?:[ .\u00a0\u2009\u200b\u2060-]?[0-9]){5}'
      || '(?![ .\u00a0\u2009\u200b\u2060-]?[0-9])'
  );
end;
$$;

comment on function cc_private.code_pattern() is 'What looks like a code, as a regular expression.';
revoke all on function cc_private.code_pattern() from public, anon, authenticated, service_role;

create function cc_private.codes_in(body text)
returns text[]
language plpgsql
immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(array_agg(found.code order by found.place), '{}')
    from (
      select regexp_replace(match.parts[1], '[^0-9]', '', 'g') as code, min(match.place) as place
      from regexp_matches(cc_private.plain_digits(body), '(' || cc_private.code_pattern() || ')', 'g')
        with ordinality as match (parts, place)
      group by 1
    ) as found
  );
end;
$$;

comment on function cc_private.codes_in(text) is 'What in a text looks like a code, each once, in order.';
revoke all on function cc_private.codes_in(text) from public, anon, authenticated, service_role;

create function cc_private.is_code_part(body text)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Up to five digits, with the signs between and around them that people put there, and no word.
  return length(body) <= 40 and cc_private.plain_digits(body)
    ~ '^[\s.*_…\u200b\u2060–-]*[0-9](?:[\s\u200b\u2060-]*[0-9]){0,4}[\s.*_…\u200b\u2060–-]*$';
end;
$$;

comment on function cc_private.is_code_part(text) is 'Whether a text is nothing but what may be a part of a code.';
revoke all on function cc_private.is_code_part(text) from public, anon, authenticated, service_role;

create function cc_private.hide_codes(body text, code jsonb)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Looking around each match takes time that grows with the square of the length: in what is longer
  -- than any message of a channel, longer numbers go as well.
  return (
    select regexp_replace(
      cc_private.plain_digits(body),
      case
        when code -> 'in_parts' = 'true' and cc_private.is_code_part(body) then '^.*$'
        when length(body) <= 4096 then cc_private.code_pattern()
        else '[0-9](?:[ .\u00a0\u2009\u200b\u2060-]?[0-9]){5,}'
      end,
      '[code: ' || replace(code ->> 'verdict', '_', ' ') || ']', 'g'
    )
  );
end;
$$;

comment on function cc_private.hide_codes(text, jsonb) is 'The text with what became of it in the place of each code, or of the part of one.';
revoke all on function cc_private.hide_codes(text, jsonb) from public, anon, authenticated, service_role;

create function cc_private.hide_codes_in_payload(body_json jsonb, code jsonb)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Text by text: in the JSON's own spelling a digit may belong to an escape.
  return (
    select body_json || coalesce((
      select jsonb_build_object('parameters', jsonb_object_agg(parameter.key, case
        when parameter.key ~ 'Sid$|Num|Zip$' or parameter.key = any ('{ApiVersion,Latitude,Longitude}')
          then parameter.value
        when jsonb_typeof(parameter.value) = 'string'
          then to_jsonb(cc_private.hide_codes(parameter.value #>> '{}', code))
        when jsonb_typeof(parameter.value) = 'array' then (
          select coalesce(jsonb_agg(case
            when jsonb_typeof(entry.value) = 'string'
            then to_jsonb(cc_private.hide_codes(entry.value #>> '{}', code)) else entry.value
          end order by entry.place), '[]')
          from jsonb_array_elements(parameter.value) with ordinality as entry (value, place)
        )
        else parameter.value
      end))
      from jsonb_each(body_json -> 'parameters') as parameter
      having count(*) > 0
    ), '{}')
  );
end;
$$;

comment on function cc_private.hide_codes_in_payload(jsonb, jsonb) is 'The payload without the codes that its parameters hold.';
revoke all on function cc_private.hide_codes_in_payload(jsonb, jsonb) from public, anon, authenticated, service_role;
