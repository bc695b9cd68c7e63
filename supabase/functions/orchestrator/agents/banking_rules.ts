/**
 * What the rules can do at the bank: tell a balance and block a card, with the same tools, the same
 * proof and the same records as a model. They know a code by what the database left in its place.
 */
import * as z from "zod";
import type { AgentContext, AgentMessage, Reply } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import { type BankingText, bankingText } from "./banking_texts.ts";
import { type Language, words } from "./language.ts";
import type { OpenToolbox, Toolbox } from "./tools/toolbox.ts";

/** Answers what is about accounts, cards and codes; null leaves the rest to others. */
export type BankingRules = (context: AgentContext, language: Language) => Promise<Reply | null>;

type Intent = { kind: "balance" } | { kind: "block"; lastDigits: string | null };
interface Said {
  text: string;
  handOver?: boolean;
}

const BALANCE = /^(balance|saldo|kontostand)$/;
const BLOCK = /^(block|bloquear|bloqueie|bloqueia|bloquee|sperren|sperre|sperr)$/;
/** What `cc_private.hide_codes` puts in a code's place. */
const CODE = /\[code: ([a-z ]+)\]/g;
const MAXIMUM_ACCOUNTS = 4;

const Refused = z.object({ error: z.literal("not_verified"), verification: z.string() });
const Accounts = z.array(z.object({
  account_id: z.string(),
  cards: z.array(z.object({ last_digits: z.string(), is_blocked: z.boolean() })),
}));
const Balance = z.object({ account: z.string(), balance: z.string(), currency: z.string() });
const Blocked = z.object({
  card: z.string(),
  outcome: z.enum(["blocked", "already_blocked", "unknown_card"]),
});

/** The rules with the tools of this box. */
export function createBankingRules(toolbox: Toolbox): BankingRules {
  return async (context, language) => {
    const spoken = context.messages.map(({ text }) => text).join("\n");
    const verdict = [...spoken.matchAll(CODE)].at(-1)?.[1] ?? null;
    const wanted = intentOf(spoken) ?? (verdict ? lastIntent(context.history) : null);
    if (!wanted && !verdict) return null;
    const said = await answer(toolbox.open(context), { verdict, wanted, language, context });
    return {
      kind: "text",
      text: said.text,
      language,
      handOver: said.handOver ?? false,
      ...(said.handOver && { reason: "rules_ask" }),
    };
  };
}

async function answer(
  tools: OpenToolbox,
  { verdict, wanted, language, context }: {
    verdict: string | null;
    wanted: Intent | null;
    language: Language;
    context: AgentContext;
  },
): Promise<Said> {
  const say = (text: BankingText, ...values: string[]) => bankingText(text, language, ...values);
  if (verdict === "wrong") return { text: say("wrong") };
  if (verdict === "part") return { text: say("code_awaited") };
  if (verdict === "refused" || verdict === "unreadable") {
    return { text: say("person"), handOver: true };
  }
  if (!wanted) {
    return {
      text: say(verdict === "correct" ? "verified" : verdict === "expired" ? "expired" : "useless"),
    };
  }
  try {
    const done = wanted.kind === "balance"
      ? await tellBalances(tools, language)
      : await blockCard(tools, wanted.lastDigits, language);
    return verdict === "expired" ? { ...done, text: `${say("expired")} ${done.text}` } : done;
  } catch (error) {
    // The turn is tried again; whether a card was blocked, the next attempt finds on record.
    if (error instanceof AgentError && (error.code === "lease_lost" || !context.isLastAttempt)) {
      throw error;
    }
    return { text: say("not_now"), handOver: true };
  }
}

async function tellBalances(tools: OpenToolbox, language: Language): Promise<Said> {
  const listed = await call(tools, "list_accounts", {}, Accounts, language);
  if ("said" in listed) return listed.said;
  const lines: string[] = [];
  for (const { account_id } of listed.result.slice(0, MAXIMUM_ACCOUNTS)) {
    const told = await call(tools, "get_balance", { account_id }, Balance, language);
    if ("said" in told) return told.said;
    const { account, balance, currency } = told.result;
    lines.push(bankingText("balance", language, account, `${balance} ${currency}`));
  }
  return { text: lines.join("\n") };
}

async function blockCard(
  tools: OpenToolbox,
  named: string | null,
  language: Language,
): Promise<Said> {
  const listed = await call(tools, "list_accounts", {}, Accounts, language);
  if ("said" in listed) return listed.said;
  const open = listed.result.flatMap(({ cards }) => cards).filter((card) => !card.is_blocked);
  const lastDigits = named ?? (open.length === 1 ? open[0]?.last_digits : undefined);
  if (!lastDigits) return { text: bankingText("which_card", language) };
  const done = await call(tools, "block_card", { last_digits: lastDigits }, Blocked, language);
  if ("said" in done) return done.said;
  return { text: bankingText(done.result.outcome, language, done.result.card) };
}

/** Calls a tool; gives back its result, or what to say in place of one. Throws when it failed. */
async function call<Result>(
  tools: OpenToolbox,
  name: string,
  given: Record<string, unknown>,
  schema: z.ZodType<Result>,
  language: Language,
): Promise<{ result: Result } | { said: Said }> {
  const output: unknown = JSON.parse(await tools.call(name, JSON.stringify(given)));
  const result = schema.safeParse(output);
  if (result.success) return { result: result.data };
  const refused = Refused.safeParse(output);
  if (!refused.success) throw new AgentError("tool_failed", `Cannot read what ${name} gave back`);
  return { said: sayRefusal(refused.data.verification, language) };
}

function sayRefusal(verification: string, language: Language): Said {
  switch (verification) {
    case "code_sent":
    case "code_awaited":
    case "code_not_sent":
    case "too_many_codes":
      return { text: bankingText(verification, language) };
    default:
      return { text: bankingText("person", language), handOver: true };
  }
}

function intentOf(text: string): Intent | null {
  const spoken = words(text.replaceAll(CODE, ""));
  if (spoken.some((word) => BLOCK.test(word))) {
    return { kind: "block", lastDigits: spoken.find((word) => /^\d{4}$/.test(word)) ?? null };
  }
  return spoken.some((word) => BALANCE.test(word)) ? { kind: "balance" } : null;
}

/** What the customer wanted before the code was asked for. */
function lastIntent(history: AgentMessage[]): Intent | null {
  const asked = history.filter(({ direction }) => direction === "inbound");
  return asked.map(({ text }) => intentOf(text)).findLast((intent) => intent !== null) ?? null;
}
