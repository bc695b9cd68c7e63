-- What of a text its words are. Keywords are compared by these, so settings keep theirs ready.

create function cc_private.plain_words(body text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- NFKD parts accents from their letters; what then stands between words is one space: punctuation,
  -- marks that nobody sees, emoji.
  return btrim(regexp_replace(
    lower(regexp_replace(normalize(body, NFKD), '[\u0300-\u036f]', '', 'g')),
    '[[:space:][:punct:]¡¿«»“”„‘’–—\u200b-\u200f\u2060\ufe0f\ufeff\u2600-\u27bf\U0001f000-\U0001faff]+', ' ', 'g'
  ));
end;
$$;

comment on function cc_private.plain_words(text) is 'The words of a text and nothing else: lower case, no accents, no punctuation.';
revoke all on function cc_private.plain_words(text) from public, anon, authenticated, service_role;

create function cc_private.plain_keywords(keywords text[])
returns text[]
language sql
immutable
set search_path = ''
as $$
  select coalesce(array_agg(cc_private.plain_words(keyword.word)), '{}')
  from unnest(keywords) as keyword (word)
$$;

comment on function cc_private.plain_keywords(text[]) is 'Each keyword as its plain words.';
revoke all on function cc_private.plain_keywords(text[]) from public, anon, authenticated, service_role;
