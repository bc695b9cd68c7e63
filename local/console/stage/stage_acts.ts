/** What the forms of the stage do: a customer writes, a fault is pressed. */
import { z } from "zod";
import { type Act, ActError, read } from "../act.ts";
import type { ConsoleDeps } from "../deps.ts";
import { viewLink } from "../layout.tsx";
import { encodeBase64 } from "./base64.ts";
import { SAMPLES, tapped } from "./samples.ts";
import type { Stage } from "./stage.ts";

const OfCustomer = z.object({ customer: z.string() });
const Written = OfCustomer.extend({ text: z.string().min(1, "write something first") });
const Attached = OfCustomer.extend({ kind: z.string(), file: z.instanceof(File).optional() });
const Pressed = z.object({
  label: z.string(),
  target: z.string(),
  mode: z.string(),
  times: z.coerce.number().int().nonnegative(),
});

/** Twilio itself takes 16 MB. Bytes. */
const MAXIMUM_FILE = 16 * 1024 * 1024;
const BURST = ["Hello?", "Are you there?", "It is about my card.", "It is lost.", "Please answer!"];

/** The acts by their names. */
export function stageActs(deps: ConsoleDeps, stage: Stage): Record<string, Act> {
  const write = (address: string, more: Record<string, unknown>) => {
    const customer = stage.customers.get(address);
    if (!customer) throw new ActError("Nobody has this phone");
    stage.write({ from: customer.address, ProfileName: customer.name, ...more });
    return {};
  };
  return {
    "add-customer": () => {
      const { address } = stage.customers.add();
      stage.pulse.beat();
      return { visit: viewLink(deps, "stage", { customer: address }) };
    },
    write: (fields) => {
      const { customer, text } = read(Written, fields);
      return write(customer, { body: text });
    },
    "quick-reply": (fields) => {
      const { customer, text } = read(Written, fields);
      return write(customer, tapped(text));
    },
    attach: async (fields) => {
      const { customer, kind, file } = read(Attached, fields);
      return write(customer, file ? await fileParameters(file) : sampleOf(kind));
    },
    burst: (fields) => {
      const { customer } = read(OfCustomer, fields);
      for (const body of BURST) write(customer, { body });
      return {};
    },
    repeat: (fields) => repeatLast(stage, read(OfCustomer, fields).customer),
    offline: (fields) => {
      stage.goOffline(read(OfCustomer, fields).customer);
      return {};
    },
    online: async (fields) => {
      await stage.goOnline(read(OfCustomer, fields).customer);
      return {};
    },
    fault: async (fields) => {
      await stage.faults.press(read(Pressed, fields));
      stage.pulse.beat();
      return {};
    },
    mend: async () => {
      await stage.twilio.faults.clear();
      stage.pulse.beat();
      return { notice: "No fault is active" };
    },
  };
}

async function repeatLast(stage: Stage, address: string) {
  const last = stage.messagesOf(address).findLast(({ direction }) => direction === "inbound");
  if (!last) throw new ActError("Write a message first");
  const startedAt = new Date();
  const result = await stage.twilio.inbound({ from: address, MessageSid: last.sid });
  stage.observations.noteCall(last.sid, { startedAt, result });
  stage.pulse.beat();
  return { notice: "The same webhook was delivered again" };
}

function sampleOf(kind: string): Record<string, unknown> {
  const sample = SAMPLES[kind];
  if (!sample) throw new ActError(`There is no sample of "${kind}"`);
  return sample();
}

async function fileParameters(file: File): Promise<Record<string, unknown>> {
  if (file.size > MAXIMUM_FILE) throw new ActError("The file is larger than 16 MB");
  const contentType = file.type || "application/octet-stream";
  const base64 = encodeBase64(await file.bytes());
  return { body: file.name, media: [{ contentType, base64 }] };
}
