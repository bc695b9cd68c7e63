/** What follows a hand-over: the customer writes on, a person answers, and the agent is back. */
import { eventually } from "../support/eventually.ts";
import type { TestStack } from "../support/test_stack.ts";

const ASKED = "Is somebody there?";
const PERSON_SAYS = "I am a person, and I have read all of it.";

/**
 * Whether a person handles the customer's conversation. If so it is given back, after proof that no
 * agent speaks before; `problems` says what it did all the same.
 */
export async function playPerson(
  { sql, stack: { twilio } }: TestStack,
  customer: string,
): Promise<{ isHandedOver: boolean; problems: string[] }> {
  const [conversation] = await sql<{ id: string; handler: string }[]>`
    select id, handler from public.cc_conversations where provider_conversation_id = ${customer}`;
  if (conversation?.handler !== "human") return { isHandedOver: false, problems: [] };
  const { id } = conversation;
  const count = twilio.sent(customer).length + 1;
  await twilio.inbound({ from: customer, body: ASKED });
  const { seq } = await eventually("the customer's message", async () => {
    const [asked] = await sql<{ seq: number }[]>`
      select seq::int from public.cc_messages
      where conversation_id = ${id} and body_text = ${ASKED} order by seq desc limit 1`;
    return asked;
  });
  // Neither a ring that is lost or late nor the sweep brings it to an agent.
  const [claim] = await sql`
    select public.claim_turn(${id}) ->> 'outcome' as outcome from cc_private.sweep()`;
  await sql`select public.send_reply(gen_random_uuid(), ${id}, ${seq}, array[${PERSON_SAYS}])`;
  const sent = await twilio.waitForOutbound({ to: customer, count, timeoutMs: 20_000 });
  const said = sent.slice(count - 1).map(({ body }) => body);
  await sql`select public.hand_back(${id})`;
  return {
    isHandedOver: true,
    problems: [
      ...(claim?.["outcome"] === "human_handles" ? [] : [`claimed: ${claim?.["outcome"]}`]),
      ...(said.length === 1 && said[0] === PERSON_SAYS ? [] : [`after the hand-over: ${said}`]),
    ],
  };
}
