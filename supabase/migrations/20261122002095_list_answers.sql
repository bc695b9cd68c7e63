-- The operator's answers as the agents read them: all at once, since there are few, and the
-- orchestrator keeps them for a minute.

create function public.list_answers()
returns jsonb
language sql
stable
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'topic', answer.topic,
    'language', answer.language,
    'phrases', answer.phrases,
    'answer', answer.answer,
    'is_courtesy', answer.is_courtesy,
    'hands_over', answer.hands_over
  ) order by answer.position, answer.id), '[]')
  from public.cc_answers as answer
$$;

comment on function public.list_answers() is 'All answers of cc_answers, in the order in which they are tried. Definer: callers have no grant on any table.';
revoke all on function public.list_answers() from public, anon, authenticated;
grant execute on function public.list_answers() to service_role;
