/**
 * The webhook over HTTP, from the signed request to its 200, against a bare handler that makes the
 * same call of the database, and against the webhook as it is usually written.
 */
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { type BenchStack, startBenchStack } from "./bench_stack.ts";
import { type Figure, figureOf } from "./figures.ts";
import { alternate, underLoad } from "./load.ts";
import { type BenchMessage, newMessage } from "./messages.ts";
import type { BenchOptions } from "./options.ts";
import { printTable } from "./print.ts";

/** Requests under way at once. */
const CONCURRENCY = 16;
/** Customers who write in turn; each has a conversation of its own. */
const CUSTOMERS = 5_000;

export async function benchWebhook(options: BenchOptions): Promise<Figure[]> {
  await using stack = await startBenchStack();
  let customer = 0;
  const next = () => newMessage(customer++ % CUSTOMERS);
  const side = (send: (stack: BenchStack, message: BenchMessage) => Promise<Response>) => () =>
    underLoad({ workers: CONCURRENCY, forMs: options.roundMs }, async () => {
      const response = await send(stack, next());
      const answer = await response.text();
      if (response.status !== 200) throw new Error(`Cannot go on: ${response.status} ${answer}`);
    });
  const rounds = await alternate(options.rounds, {
    webhook: side(sendSigned("twilio-webhook")),
    bare: side(sendBare),
    usual: side(sendSigned("usual")),
  });

  printTable(`webhook, ${CONCURRENCY} at once`, {
    "twilio-webhook": rounds.map(({ webhook }) => webhook),
    "bare handler": rounds.map(({ bare }) => bare),
    "as usually written": rounds.map(({ usual }) => usual),
  });
  const ratio = (of: (round: (typeof rounds)[number]) => number) => rounds.map(of);
  return [
    figureOf("webhook.ratio.bare", ratio((r) => r.webhook.perSecond / r.bare.perSecond), {
      atLeast: 0.7,
    }),
    figureOf("webhook.p99.bare", ratio((r) => r.webhook.p99 / r.bare.p99), { atMost: 1.5 }),
    figureOf("webhook.ratio.usual", ratio((r) => r.webhook.perSecond / r.usual.perSecond), {
      atLeast: 5,
    }),
  ];
}

/** As Twilio sends it. */
function sendSigned(name: string) {
  return async ({ url, authToken }: BenchStack, message: BenchMessage): Promise<Response> => {
    const target = `${url}/functions/v1/${name}`;
    const parameters = message.json["parameters"] as Record<string, string>;
    return await fetch(target, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": sign(authToken, target, parameters),
      },
      body: new URLSearchParams(parameters).toString(),
    });
  };
}

async function sendBare({ url }: BenchStack, message: BenchMessage): Promise<Response> {
  const { sid, from, to, body, json, signature } = message;
  return await fetch(`${url}/functions/v1/bare`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      ...{ provider_message_id: sid, from_address: from, to_address: to, body_text: body },
      ...{ body_json: json, customer_name: "Ada Lovelace", channel: "whatsapp", signature },
    }),
  });
}
