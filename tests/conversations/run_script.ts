/** Plays a script on a running stack: what the customer writes goes in as Twilio sends it. */
import { Calls, type Scripted } from "../../local/openai_simulator.ts";
import { BANK_SETTINGS, lastCode } from "../support/banking.ts";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { type AgentService, SERVICE_SECRET, startAgentService } from "./agent_service.ts";
import { playPerson } from "./play_person.ts";
import type { AgentName, Expectation, ModelStep, Script, Turn } from "./script.ts";

export interface ConversationStack extends AsyncDisposable {
  test: TestStack;
  service: AgentService;
  agent: AgentName;
  isReal: boolean;
}

/** What came of one turn. */
export interface Played {
  customer: string[];
  reply: string;
  ms: number;
  /** What is wrong with it; nothing when all is as the script wants it. */
  problems: string[];
}

/** How long a reply may take, in milliseconds: a real model thinks, a loaded machine is slow. */
const REPLY_TIMEOUT_MS = 45_000;
/** The code that the customer got, or some of its digits. */
const CODE = /\{code(?: ([1-6])-([1-6]))?\}/;

/**
 * Starts a stack whose agent is this one, with the rules behind it; `real` are the settings with
 * which a real model is asked.
 */
export async function startConversationStack(
  agent: AgentName,
  real?: Record<string, string>,
): Promise<ConversationStack> {
  await using starting = new AsyncDisposableStack();
  const service = starting.use(startAgentService());
  const test = starting.use(
    await startTestStack({
      AGENTS: agent === "rules" ? "rules" : `${agent},rules`,
      ...{ HTTP_AGENT_URL: `${service.url}/api/agents/process`, HTTP_AGENT_SECRET: SERVICE_SECRET },
      ...BANK_SETTINGS,
      ...real,
    }),
  );
  await test.sql`update public.cc_settings set debounce_ms = 300 where id`;
  const all = starting.move();
  return {
    ...{ test, service, agent, isReal: real !== undefined },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Plays the script with a customer of its own. Throws when a reply does not come at all. */
export async function runScript(stack: ConversationStack, script: Script): Promise<Played[]> {
  const { sql } = stack.test;
  const [before] = await sql`select * from public.cc_settings`;
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  const customer = `whatsapp:+5511${String(number % 1_000_000_000).padStart(9, "9")}`;
  const columns = Object.keys(script.settings);
  try {
    if (columns.length) await sql`update public.cc_settings set ${sql(script.settings)} where id`;
    const phone = customer.replace("whatsapp:", "");
    if (script.bank) await sql`select demo_bank.fill(${phone})`;
    const played: Played[] = [];
    for (const turn of script.turns) played.push(await playTurn(stack, { script, turn, customer }));
    return played;
  } finally {
    stack.test.stack.openai.answerWith(null);
    stack.test.stack.openai.clearFaults();
    if (columns.length) {
      await sql`update public.cc_settings set ${sql(before ?? {}, columns)} where id`;
    }
  }
}

async function playTurn(
  stack: ConversationStack,
  { script, turn, customer }: { script: Script; turn: Turn; customer: string },
): Promise<Played> {
  const { twilio } = stack.test.stack;
  prepareModel(stack, turn);
  const startedAt = performance.now();
  const count = twilio.sent(customer).length + 1;
  for (const said of turn.customer) {
    const body = said.replace(
      CODE,
      (_, first = 1, last = 6) => lastCode(twilio, customer).slice(Number(first) - 1, Number(last)),
    );
    await twilio.inbound({
      ...{ from: customer, body },
      ...(script.name && { ProfileName: script.name }),
    });
  }
  const sent = await twilio.waitForOutbound({ to: customer, count, timeoutMs: REPLY_TIMEOUT_MS });
  const reply = sent.slice(count - 1).map(({ body }) => body).join("\n");
  const ms = Math.round(performance.now() - startedAt);
  const expected = stack.isReal
    ? [turn]
    : [turn, turn.only[stack.agent]].filter((e) => e !== undefined);
  const problems = expected.flatMap((expectation) => wordProblems(expectation, reply));
  if (!stack.isReal) problems.push(...await recordProblems(stack, expected, customer));
  problems.push(...await personProblems(stack, expected, customer));
  return { customer: turn.customer, reply, ms, problems };
}

/** Tells the simulated model, and the agent service, what to say next. */
function prepareModel({ test: { stack }, service }: ConversationStack, turn: Turn): void {
  const { model } = turn;
  stack.openai.answerWith(({ schema, toolOutputs }) =>
    // Summaries have no schema, and no part in the script.
    model && schema ? scripted(model[Math.min(toolOutputs.length, model.length - 1)]) : null
  );
  const said = model?.find((step) => "reply" in step);
  service.answerWith(said ? { text: said.reply, handOver: said.hand_over } : null);
  if (turn.model_fault) stack.openai.setFault(turn.model_fault, 100);
  else stack.openai.clearFaults();
}

function scripted(step: ModelStep | undefined): Scripted {
  if (!step) return null;
  return "call" in step ? new Calls({ name: step.call, arguments: step.arguments }) : step;
}

function wordProblems({ must, must_not }: Expectation, reply: string): string[] {
  return [
    ...must.filter((pattern) => !pattern.test(reply)).map((pattern) => `lacks ${pattern}`),
    ...must_not.filter((pattern) => pattern.test(reply)).map((pattern) => `has ${pattern}`),
  ];
}

/** What the database says of who answered and who failed. */
async function recordProblems(
  { test: { sql }, agent }: ConversationStack,
  expected: Expectation[],
  customer: string,
): Promise<string[]> {
  const turn = await eventually("the end of the turn", async () => {
    const [found] = await sql<{ id: string; agent: string }[]>`
      select turn.id, turn.agent from public.cc_turns as turn
      join public.cc_conversations as conversation on conversation.id = turn.conversation_id
      where conversation.provider_conversation_id = ${customer}
        and (turn.state = 'answered' or turn.silent_reason = 'handed_over') and turn.agent is not null
      order by turn.finished_at desc limit 1`;
    return found;
  });
  const failed = await sql<{ failure: string }[]>`
    select concat_ws(' ', output_redacted ->> 'agent', error_code) as failure
    from public.cc_audit_logs
    where event_type = 'turn_failed' and output_redacted ->> 'turn_id' = ${turn.id} order by id`;
  const failures = failed.map(({ failure }) => failure).join(", ");
  const answeredBy = expected.findLast(({ answered_by }) => answered_by)?.answered_by ?? agent;
  const wanted = (expected.findLast(({ failures }) => failures)?.failures ?? []).join(", ");
  return [
    ...(turn.agent === answeredBy ? [] : [`answered by ${turn.agent}, not ${answeredBy}`]),
    ...(failures === wanted ? [] : [`failures "${failures}", not "${wanted}"`]),
  ];
}

/** Whether a person handles when the script says so, and then nobody else speaks. */
async function personProblems(
  { test, isReal }: ConversationStack,
  expected: Expectation[],
  customer: string,
): Promise<string[]> {
  const wanted = expected.findLast(({ hands_over }) => hands_over !== undefined)?.hands_over ??
    false;
  const { isHandedOver, problems } = await playPerson(test, customer);
  // A real model may see a need where the script sees none.
  if (isReal || isHandedOver === wanted) return problems;
  return [...problems, isHandedOver ? "handed over" : "not handed over"];
}
