/** The life of an outbound message after Twilio accepted it, reported to its StatusCallback. */
import { API_VERSION, type Message } from "./message.ts";
import { pause } from "./pause.ts";
import { failureOf } from "./rules.ts";
import type { Simulation, Step } from "./simulation.ts";

/** How long a callback of the fault "late" is held back. */
const LATE_MS = 3_000;

/** Begins a message's life. Resolves at once, or with the fault "early" after the first callback. */
export async function beginLife(simulation: Simulation, message: Message): Promise<void> {
  const fault = simulation.faults.take("twilio", (mode) => mode.startsWith("callbacks:"));
  const mode = fault?.slice("callbacks:".length);
  const steps = stepsOf(simulation, message);
  if (mode === "early") {
    const first = steps.shift();
    if (first) await advance(simulation, message.sid, first)?.();
  }
  simulation.inBackground(live(simulation, { sid: message.sid, steps, mode }));
}

/** A step at which a message may fail. */
type LifeStep = Step & { errorCode?: number | null };

function stepsOf(simulation: Simulation, message: Message): LifeStep[] {
  if (message.status === "scheduled") return [];
  const errorCode = failureOf(simulation, message);
  const steps: LifeStep[] = errorCode === null
    ? [...simulation.life]
    : [{ status: "undelivered", afterMs: 0, errorCode }];
  // A Messaging Service accepts first and reports "queued"; without one "queued" is where it begins.
  return message.status === "accepted" ? [{ status: "queued", afterMs: 0 }, ...steps] : steps;
}

interface Life {
  sid: string;
  steps: LifeStep[];
  mode: string | undefined;
}

async function live(simulation: Simulation, { sid, steps, mode }: Life): Promise<void> {
  const held: (() => Promise<void>)[] = [];
  let reported = Promise.resolve();
  for (const step of steps) {
    await pause(step.afterMs, simulation.signal);
    if (step.status === "delivered") await untilOnline(simulation, sid);
    const report = advance(simulation, sid, step);
    if (!report || simulation.signal.aborted) break;
    if (mode === "shuffled") held.unshift(report);
    else reported = reported.then(() => reportAs(mode, report, simulation.signal));
  }
  await reported;
  for (const report of held) await report();
}

async function untilOnline({ messages, presence, signal }: Simulation, sid: string) {
  await presence.whenOnline(messages.get(sid)?.to ?? "", signal);
}

async function reportAs(
  mode: string | undefined,
  report: () => Promise<void>,
  signal: AbortSignal,
) {
  if (mode === "none") return;
  if (mode === "late") await pause(LATE_MS, signal);
  await report();
  if (mode === "repeated") await report();
}

/** Changes the status and gives back how to report it; nothing when the message is gone. */
function advance(simulation: Simulation, sid: string, { status, errorCode = null }: LifeStep) {
  const before = simulation.messages.get(sid);
  if (!before) return undefined;
  const message = simulation.messages.update(sid, {
    status,
    from: before.from ?? simulation.businessAddress,
    dateSent: before.dateSent ?? (status === "queued" ? null : new Date()),
    errorCode,
  }) as Message;
  return async () => {
    if (!message.statusCallback || simulation.signal.aborted) return;
    const { response, error } = await simulation.deliver(
      message.statusCallback,
      callbackParameters(message),
    );
    simulation.log(`callback ${sid} ${status}: ${response?.status ?? error?.message}`);
  };
}

/** The parameters as captured; ErrorCode is there only when there is one. */
function callbackParameters(message: Message): Map<string, string> {
  const { sid, status, to, from, errorCode, messagingServiceSid } = message;
  const isWhatsapp = to.startsWith("whatsapp:");
  const isEvent = ["delivered", "read", "undelivered"].includes(status);
  const parameters: Record<string, string | null | false> = {
    ChannelPrefix: isWhatsapp && "whatsapp",
    ChannelInstallSid: isWhatsapp && `XE${message.accountSid.slice(2)}`,
    ChannelToAddress: isWhatsapp && to.replace("whatsapp:", "").replace(/.{4}$/, "XXXX"),
    StructuredMessage: isWhatsapp && "false",
    ExternalUserId: /^whatsapp:[A-Z]{2}\./.test(to) && isEvent && to,
    EventType: isWhatsapp && isEvent && status.toUpperCase(),
    SmsSid: sid,
    SmsStatus: status,
    MessageSid: sid,
    MessageStatus: status,
    MessagingServiceSid: messagingServiceSid,
    ErrorCode: errorCode === null ? null : String(errorCode),
    AccountSid: message.accountSid,
    From: from,
    To: to,
    ApiVersion: API_VERSION,
  };
  return new Map(
    Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1])),
  );
}
