-- The common questions and their answers, which the operator edits: the agent "rules" says them, and the
-- model and the workflow look them up.

create table public.cc_answers (
  id uuid primary key default gen_random_uuid(),
  position integer not null default 100,
  topic text not null
    constraint topic_is_a_word check (topic ~ '^[a-z][a-z0-9_]{0,39}$'),
  language text not null
    constraint language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  phrases text[] not null
    constraint phrases_are_words check (
      cardinality(phrases) > 0 and array_position(phrases, null) is null and array_position(phrases, '') is null
    ),
  answer text not null
    constraint answer_fits_a_message check (length(answer) between 1 and 1600),
  is_courtesy boolean not null default false,
  hands_over boolean not null default false,
  created_at timestamptz not null default now(),

  constraint cc_answers_topic_language_key unique (topic, language)
);

comment on table public.cc_answers is 'The common questions and their answers, a row for each topic and language; what the operator changes is in use within a minute.';
comment on column public.cc_answers.position is 'Where several rows match, the lowest wins; what matters most is first.';
comment on column public.cc_answers.language is 'The language of phrases and answer, as a BCP 47 tag such as en or pt-BR.';
comment on column public.cc_answers.phrases is 'The row matches a message that has one of these as whole words; case and accents do not count.';
comment on column public.cc_answers.answer is 'What the customer gets; {name} becomes the customer''s name with a space before it, or nothing.';
comment on column public.cc_answers.is_courtesy is 'Whether the row answers a message only when it says hardly more than the phrase: a hello, a thank-you.';
comment on column public.cc_answers.hands_over is 'Whether a person should take over after this answer.';

alter table public.cc_answers enable row level security;
create policy "the api reads nothing here" on public.cc_answers
  for all to anon, authenticated using (false);
revoke all on public.cc_answers from public, anon, authenticated, service_role;

insert into public.cc_answers (position, topic, language, phrases, answer, is_courtesy, hands_over) values
  (10, 'person', 'en',
    array['person', 'human', 'real agent', 'speak to an agent', 'talk to an agent', 'operator'],
    'I am handing this conversation to a colleague, who will answer you here.',
    false, true),
  (10, 'person', 'pt',
    array['pessoa', 'humano', 'atendente', 'falar com alguém'],
    'Vou passar esta conversa a um colega, que responderá por aqui.',
    false, true),
  (10, 'person', 'es',
    array['persona', 'humano', 'un agente', 'una agente', 'hablar con alguien'],
    'Paso esta conversación a un compañero, que le responderá por aquí.',
    false, true),
  (10, 'person', 'de',
    array['mensch', 'menschen', 'mitarbeiter', 'mitarbeiterin', 'mit jemandem sprechen', 'echte person'],
    'Ich übergebe dieses Gespräch an eine Kollegin oder einen Kollegen; die Antwort kommt hier.',
    false, true),
  (20, 'card', 'en',
    array['lost my card', 'lost card', 'card was stolen', 'stolen card', 'block my card'],
    'I cannot block a card myself, so I am handing this to a colleague right away. Please do not send your card number or PIN here.',
    false, true),
  (20, 'card', 'pt',
    array['perdi meu cartão', 'perdi o cartão', 'cartão roubado', 'bloquear meu cartão'],
    'Não posso bloquear um cartão, por isso passo agora a um colega. Por favor, não envie aqui o número do cartão nem a senha.',
    false, true),
  (20, 'card', 'es',
    array['perdí mi tarjeta', 'perdí la tarjeta', 'robaron la tarjeta', 'bloquear mi tarjeta'],
    'No puedo bloquear una tarjeta, así que paso esto ahora mismo a un compañero. Por favor, no envíe aquí el número de la tarjeta ni el PIN.',
    false, true),
  (20, 'card', 'de',
    array['karte verloren', 'karte gestohlen', 'karte wurde gestohlen', 'karte sperren'],
    'Ich kann keine Karte sperren und gebe dies sofort weiter. Bitte schicken Sie hier weder Kartennummer noch PIN.',
    false, true),
  (30, 'account', 'en',
    array['balance', 'transactions', 'my account', 'transfer money', 'bank statement'],
    'I cannot see accounts or move money. Write "person" and a colleague takes over.',
    false, false),
  (30, 'account', 'pt',
    array['saldo', 'extrato', 'minha conta', 'transferência', 'transferir', 'pix'],
    'Não vejo contas nem movimento dinheiro. Escreva "pessoa" e um colega assume.',
    false, false),
  (30, 'account', 'es',
    array['saldo', 'extracto', 'mi cuenta', 'transferencia', 'transferir'],
    'No puedo ver cuentas ni mover dinero. Escriba "persona" y un compañero le atiende.',
    false, false),
  (30, 'account', 'de',
    array['kontostand', 'mein konto', 'meinem konto', 'überweisung', 'überweisen', 'kontoauszug'],
    'Ich sehe keine Konten und bewege kein Geld. Schreiben Sie "Mensch", dann übernimmt ein Mitarbeiter.',
    false, false),
  (40, 'hours', 'en',
    array['hours', 'opening times', 'are you open', 'do you open', 'do you close'],
    'You can write here at any hour and I answer at once. For the hours of a branch, write "person" and the name of the branch, and a colleague confirms them.',
    false, false),
  (40, 'hours', 'pt',
    array['horário', 'horários', 'abre', 'abrem', 'fecha', 'aberto', 'funcionamento'],
    'Pode escrever aqui a qualquer hora e respondo logo. Para o horário de uma agência, escreva "pessoa" e o nome da agência, e um colega confirma.',
    false, false),
  (40, 'hours', 'es',
    array['horario', 'horarios', 'abren', 'abre', 'cierran', 'abierto', 'abierta'],
    'Puede escribir aquí a cualquier hora y respondo al momento. Para el horario de una oficina, escriba "persona" y el nombre de la oficina, y un compañero lo confirma.',
    false, false),
  (40, 'hours', 'de',
    array['öffnungszeiten', 'geöffnet', 'offen', 'geschlossen', 'wann öffnen'],
    'Hier können Sie jederzeit schreiben, ich antworte sofort. Für die Öffnungszeiten einer Filiale schreiben Sie "Mensch" und den Namen der Filiale.',
    false, false),
  (50, 'thanks', 'en',
    array['thanks', 'thank you', 'thx', 'cheers'],
    'You are welcome{name}! Write here whenever you need us.',
    true, false),
  (50, 'thanks', 'pt',
    array['obrigado', 'obrigada', 'valeu', 'agradeço'],
    'De nada{name}! Escreva sempre que precisar.',
    true, false),
  (50, 'thanks', 'es',
    array['gracias', 'agradezco'],
    '¡De nada{name}! Escriba cuando nos necesite.',
    true, false),
  (50, 'thanks', 'de',
    array['danke', 'vielen dank', 'dankeschön'],
    'Gern geschehen{name}! Schreiben Sie uns jederzeit.',
    true, false),
  (60, 'greeting', 'en',
    array['hello', 'hi', 'hey', 'good morning', 'good afternoon', 'good evening'],
    'Hello{name}! How can I help you?',
    true, false),
  (60, 'greeting', 'pt',
    array['oi', 'olá', 'bom dia', 'boa tarde', 'boa noite'],
    'Olá{name}! Como posso ajudar?',
    true, false),
  (60, 'greeting', 'es',
    array['hola', 'buenos días', 'buenas tardes', 'buenas noches', 'buenas'],
    '¡Hola{name}! ¿En qué puedo ayudarle?',
    true, false),
  (60, 'greeting', 'de',
    array['hallo', 'guten tag', 'guten morgen', 'guten abend', 'moin', 'servus'],
    'Hallo{name}! Wie kann ich helfen?',
    true, false);
