/** What the orchestrator needs to know before it starts. */
import * as z from "zod";
import { callerKeys, httpUrl, SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";
import { AgentNames } from "./agents/choose_agent.ts";
import { BankName } from "./bank/create_banking.ts";

/** What a million tokens cost. */
const price = z.string().regex(/^\d+(\.\d+)?$/, "is no price for a million tokens").transform(
  Number,
);

const AgentSettings = z.object({
  AGENTS: AgentNames,
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: z.string().default("gpt-5-mini"),
  OPENAI_SEES_IMAGES: z.enum(["true", "false"], "is neither true nor false").default("true"),
  OPENAI_INPUT_PRICE: price.default(0),
  OPENAI_CACHED_INPUT_PRICE: price.optional(),
  OPENAI_OUTPUT_PRICE: price.default(0),
}).transform((settings) => ({
  agents: settings.AGENTS,
  openai: {
    apiKey: settings.OPENAI_API_KEY ?? null,
    baseUrl: settings.OPENAI_BASE_URL,
    model: settings.OPENAI_MODEL,
    prices: {
      input: settings.OPENAI_INPUT_PRICE,
      cachedInput: settings.OPENAI_CACHED_INPUT_PRICE ?? settings.OPENAI_INPUT_PRICE,
      output: settings.OPENAI_OUTPUT_PRICE,
    },
  },
  seesImages: settings.OPENAI_SEES_IMAGES === "true",
}));

/** What is sent there names the customer, so it travels encrypted, or not at all. */
const serviceUrl = httpUrl.refine((text) => {
  const url = URL.parse(text);
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? "");
  return url?.protocol === "https:" || isLoopback;
}, "is not https");

/** Short ones can be guessed from one signed request. */
const LEAST_SECRET_LENGTH = 32;

const HttpAgentSettings = z.object({
  HTTP_AGENT_URL: serviceUrl.optional(),
  HTTP_AGENT_SECRET: z.string().min(LEAST_SECRET_LENGTH, "is shorter than 32 characters")
    .optional(),
  HTTP_AGENT_TIMEOUT_MS: z.string().regex(/^[1-9]\d{0,4}$/, "is not 1 to 99999 milliseconds")
    .transform(Number).default(20_000),
}).refine(({ HTTP_AGENT_URL, HTTP_AGENT_SECRET }) => !HTTP_AGENT_URL || HTTP_AGENT_SECRET, {
  path: ["HTTP_AGENT_SECRET"],
  message: "is missing (the key of the signature)",
}).transform(({ HTTP_AGENT_URL: url, HTTP_AGENT_SECRET: secret, HTTP_AGENT_TIMEOUT_MS }) => ({
  http: url && secret ? { url, secret, timeoutMs: HTTP_AGENT_TIMEOUT_MS } : null,
}));

const BankSettings = z.object({
  BANK: BankName.default("none"),
  CODE_SMS_FROM: z.string().regex(/^\+[1-9]\d{6,14}$/, "is no phone number as +49…").optional(),
}).transform(({ BANK, CODE_SMS_FROM }) => ({ bank: BANK, codeSmsFrom: CODE_SMS_FROM ?? null }));

export const OrchestratorSettings = z.intersection(
  z.intersection(SupabaseSettings, TwilioSettings),
  z.intersection(
    z.intersection(AgentSettings, HttpAgentSettings),
    z.intersection(callerKeys("ORCHESTRATOR_KEY"), BankSettings),
  ),
);
export type OrchestratorSettings = z.infer<typeof OrchestratorSettings>;
