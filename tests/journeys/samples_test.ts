/** Every sample of Twilio's webhooks, through the whole stack. */
import assert from "node:assert/strict";
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { startTestStack } from "../support/test_stack.ts";
import { eventually } from "../support/eventually.ts";

interface Sample {
  name: string;
  params: Record<string, string>;
  formBody: string;
}

const { authToken, samples }: { authToken: string; samples: Sample[] } = JSON.parse(
  await Deno.readTextFile(new URL("../fixtures/inbound_samples.json", import.meta.url)),
);

Deno.test("every sample is accepted, stored whole and answered, unless Twilio has", async (t) => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  await sql`update cc_settings set debounce_ms = 0`;

  for (const { name, params, formBody } of samples) {
    await t.step(name, async () => {
      const response = await fetch(stack.webhookUrl, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-twilio-signature": sign(authToken, stack.webhookUrl, params),
        },
        body: formBody,
      });
      assert.equal(response.status, 200);
      assert.match(await response.text(), /<Response\/>$/);

      const [stored] = await sql`
        select body_text, body_json, turn_id from cc_messages
        where provider_message_id = ${params["MessageSid"] ?? ""}`;
      assert.deepEqual(stored?.["body_json"].parameters, params);
      assert.equal(stored?.["body_text"], params["Body"] || "[Media message - no text]");
      if ("OptOutType" in params) {
        const [turn] = await sql`select silent_reason from cc_turns where id = ${
          stored?.["turn_id"]
        }`;
        assert.equal(turn?.["silent_reason"], "opt_out_handled_by_twilio", "Twilio has answered");
        return;
      }
      await eventually(`the reply to the sample "${name}"`, async () => {
        const [sent] = await sql`
          select from cc_messages where turn_id = ${
          stored?.["turn_id"]
        } and send_state = 'handed_over'`;
        return sent !== undefined;
      });
    });
  }
});
