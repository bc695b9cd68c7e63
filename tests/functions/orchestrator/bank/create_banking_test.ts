/** Which bank the settings choose. */
import assert from "node:assert/strict";
import { readSettings } from "../../../../supabase/functions/_shared/settings.ts";
import { createBanking } from "../../../../supabase/functions/orchestrator/bank/create_banking.ts";
import { OrchestratorSettings } from "../../../../supabase/functions/orchestrator/settings.ts";

const ENVIRONMENT = {
  SUPABASE_URL: "https://project.supabase.co",
  SUPABASE_SERVICE_ROLE_KEY: "key",
  TWILIO_ACCOUNT_SID: "AC0123456789abcdef0123456789abcdef",
  TWILIO_AUTH_TOKEN: "token",
  ORCHESTRATOR_KEY: "key",
};
const read = (more: Record<string, string>) =>
  readSettings(OrchestratorSettings, { ...ENVIRONMENT, ...more });

Deno.test("without BANK there is no bank", () => {
  const settings = read({});
  assert.equal(settings.bank, "none");
  assert.equal(createBanking(settings, { ...settings, timeoutMs: 1 }), null);
});

Deno.test("BANK=demo asks the demo bank; CODE_SMS_FROM is a phone number", () => {
  const settings = read({ BANK: "demo", CODE_SMS_FROM: "+15005550006" });
  assert.ok(createBanking(settings, { ...settings, timeoutMs: 1 }));
  assert.throws(() => read({ BANK: "mine" }), /BANK is neither none nor demo/);
  assert.throws(() => read({ CODE_SMS_FROM: "whatsapp:+1" }), /CODE_SMS_FROM is no phone number/);
});
