/** Sends one case byte by byte and reads what comes back. */
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { type FuzzCase, parametersOf } from "./fuzz_case.ts";

/** Longer than the webhook ever takes. Milliseconds. */
const TIMEOUT_MS = 20_000;
/** No answer of ours is longer. Bytes. */
const MAXIMUM_ANSWER = 1_000_000;

export interface Answer {
  /** Null when the connection ended without one. */
  status: number | null;
  body: string;
}

export interface Receiver {
  /** The port of the gateway, or of a function's own process. */
  portOf(target: string): number;
  /** What Twilio knows as the URL of the functions. */
  publicUrl: string;
  authToken: string;
}

/** Whether the case is signed, and how. */
export function signatureOf({ signed }: FuzzCase, { publicUrl, authToken }: Receiver): string {
  return signed ? sign(authToken, publicUrl + signed.path, parametersOf(signed.pairs)) : "";
}

/** The answer. Throws when there is none in time. */
export async function sendCase(each: FuzzCase, receiver: Receiver): Promise<Answer> {
  const port = receiver.portOf(each.target);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer after ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  try {
    const head = each.head.replace("{{signature}}", () => signatureOf(each, receiver));
    const writing = write(connection, toBytes(head + each.body), each.breaksOff);
    const answer = await Promise.race([read(connection), tooLate]);
    await Promise.race([writing, tooLate]);
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (at) => at.charCodeAt(0));
}

/** Who is refused early may find the door shut while still writing: that is an answer too. */
async function write(connection: Deno.Conn, bytes: Uint8Array, breaksOff: boolean): Promise<void> {
  try {
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    if (breaksOff) await connection.closeWrite();
  } catch {
    // The answer tells.
  }
}

async function read(connection: Deno.Conn): Promise<Answer> {
  const [chunk, decoder] = [new Uint8Array(65_536), new TextDecoder("latin1")];
  let text = "";
  while (text.length < MAXIMUM_ANSWER) {
    const count = await connection.read(chunk).catch(() => null);
    if (count === null) break;
    text += decoder.decode(chunk.subarray(0, count));
  }
  return parseAnswer(text);
}

function parseAnswer(text: string): Answer {
  // What only says "go on" is not the answer.
  const final = text.replace(/^(HTTP\/1\.1 1\d\d[^\r]*\r\n([^\r]+\r\n)*\r\n)+/, "");
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(final)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    body: final.slice(final.indexOf("\r\n\r\n") + 4),
  };
}
