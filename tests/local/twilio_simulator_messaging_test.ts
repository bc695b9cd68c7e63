/** The simulator's messaging.twilio.com: webhooks of senders and services, by Twilio's own client. */
import assert from "node:assert/strict";
import type { MessagingService } from "../../local/twilio_simulator/simulation.ts";
import { startReceiver } from "../support/receiver.ts";
import { ACCOUNT_SID, BUSINESS, CUSTOMER, testSimulator, twilioClient } from "../support/twilio.ts";

const SERVICE_SID = `MG${"1".repeat(32)}`;

function service(changes: Partial<MessagingService> = {}): MessagingService {
  return {
    sid: SERVICE_SID,
    name: "Contact centre",
    inboundUrl: null,
    inboundMethod: "POST",
    fallbackUrl: null,
    fallbackMethod: "POST",
    statusCallback: null,
    useInboundWebhookOnNumber: false,
    ...changes,
  };
}

const answer = (text: string) => () =>
  new Response(`<Response><Message>${text}</Message></Response>`, {
    headers: { "Content-Type": "text/xml" },
  });

Deno.test("Twilio's own client reads each sender's webhook, page by page", async () => {
  await using simulator = await testSimulator({
    webhookUrl: "https://one.example/in#rc=3",
    fallbackUrl: "https://one.example/other",
  });
  await simulator.inbound({ from: CUSTOMER, to: "+15550001111", deliver: false });
  const { channelsSenders } = twilioClient(simulator.url).messaging.v2;
  const senders = await channelsSenders.list({ channel: "whatsapp", pageSize: 1 });
  assert.deepEqual(senders.map(({ senderId }) => senderId), [BUSINESS, "whatsapp:+15550001111"]);
  const sender = await channelsSenders(senders[0]?.sid ?? "").fetch();
  assert.deepEqual([sender.sid, sender.status], [`XE${ACCOUNT_SID.slice(2)}`, "ONLINE"]);
  assert.deepEqual({ ...sender.webhook }, {
    callbackUrl: "https://one.example/in#rc=3",
    callbackMethod: "POST",
    fallbackUrl: "https://one.example/other",
    fallbackMethod: "POST",
    statusCallbackUrl: null,
    statusCallbackMethod: "POST",
  });
  assert.deepEqual(await channelsSenders.list({ channel: "rcs" }), []);
});

Deno.test("a sender's webhook that Twilio's own client changes is called from then on", async () => {
  await using receiver = startReceiver(answer("from the new one"));
  await using simulator = await testSimulator();
  const { channelsSenders } = twilioClient(simulator.url).messaging.v2;
  const [sender] = await channelsSenders.list({ channel: "whatsapp" });
  const change = { webhook: { callback_url: `${receiver.url}/new` } };
  await channelsSenders(sender?.sid ?? "").update(change as never);
  assert.equal(simulator.webhook.url, `${receiver.url}/new`);
  const { response } = await simulator.inbound({ from: CUSTOMER, body: "Oi" });
  assert.equal(response?.status, 200);
});

Deno.test("Twilio's own client reads and changes a Messaging Service and sees who is in it", async () => {
  await using simulator = await testSimulator();
  simulator.webhook.service = service();
  const { services } = twilioClient(simulator.url).messaging.v1;
  const [listed] = await services.list();
  assert.deepEqual([listed?.sid, listed?.friendlyName, listed?.inboundRequestUrl], [
    SERVICE_SID,
    "Contact centre",
    null,
  ]);
  const members = await services(SERVICE_SID).channelSenders.list();
  assert.deepEqual(members.map(({ sender }) => sender), [BUSINESS]);
  const changed = await services(SERVICE_SID).update({
    inboundRequestUrl: "https://two.example/in",
    useInboundWebhookOnNumber: true,
  });
  assert.equal(changed.inboundRequestUrl, "https://two.example/in");
  assert.equal(simulator.webhook.service.useInboundWebhookOnNumber, true);
  await assert.rejects(services(`MG${"2".repeat(32)}`).fetch(), { code: 20404, status: 404 });
});

Deno.test("a Messaging Service goes before its sender, unless it leaves the webhook to it", async () => {
  await using ofSender = startReceiver(answer("sender"));
  await using ofService = startReceiver(answer("service"));
  await using simulator = await testSimulator({ webhookUrl: ofSender.url });
  const inFront = service({ inboundUrl: ofService.url });
  simulator.webhook.service = inFront;
  await simulator.inbound({ from: CUSTOMER, body: "Oi" });
  inFront.useInboundWebhookOnNumber = true;
  await simulator.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual(simulator.sent(CUSTOMER).map(({ body }) => body), ["service", "sender"]);
  assert.equal(ofService.received[0]?.form.get("MessagingServiceSid"), SERVICE_SID);
});

Deno.test("a Messaging Service without a URL calls nothing", async () => {
  await using ofSender = startReceiver(answer("sender"));
  await using simulator = await testSimulator({ webhookUrl: ofSender.url });
  simulator.webhook.service = service();
  const { attempts, error } = await simulator.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual([attempts, error?.message], [0, "no webhook is configured"]);
  assert.deepEqual(ofSender.received, []);
});

Deno.test("messaging.twilio.com answers 401 to a wrong token and 400 to a list without a channel", async () => {
  await using simulator = await testSimulator();
  const { messaging } = twilioClient(simulator.url, "wrong");
  await assert.rejects(messaging.v1.services.list(), { code: 20003, status: 401 });
  const headers = {
    Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${"0123456789abcdef".repeat(2)}`)}`,
  };
  const answer = await fetch(`${simulator.url}/v2/Channels/Senders`, { headers });
  assert.deepEqual([answer.status, (await answer.json()).code], [400, 20001]);
});
