begin;
select plan(4);

-- SETUP
create function pg_temp.stops(body text) returns boolean language sql
as $$
  select cc_private.is_keyword(body, settings.plain_opt_out_keywords) from public.cc_settings as settings
$$;

-- TEST
select is_empty(
  $$
    select body from unnest(array[
      'STOP', ' stop. ', '*Stop*', 'Stop ' || U&'\+01F6D1', 'stopall', 'Stop all!', 'Unsubscribe', 'opt-out', 'OPT OUT',
      'Parar', '¡Baja!', 'ARRÊT', U&'arre\0302t', 'arret', 'Abmelden', U&'\200Estop'
    ]) as body
    where not pg_temp.stops(body)
  $$,
  'case, accents, punctuation and emoji do not count'
);
select is_empty(
  $$
    select body from unnest(array[
      'Please stop the transfer', 'stop my card', 'non-stop', 'Don''t stop', 'quero parar o débito',
      'quiero dar de baja mi tarjeta', 'cancel', 'Cancelar', 'end', 'quit', 'sair', 'fin', 'no', 'nein', '?', '', '👍',
      '[Media message - no text]', 'stop' || repeat('.', 40)
    ]) as body
    where pg_temp.stops(body)
  $$,
  'what a customer says in ordinary speech opts nobody out'
);
select is(cc_private.is_keyword('стоп', cc_private.plain_keywords('{Стоп!}')), true, 'an operator adds words of any alphabet');
select is(cc_private.is_keyword('stop', '{}'), false, 'no words, no opt-out');

select * from finish();
rollback;
