/** Reads one HTTP/1.1 answer from a connection that carries nothing after it. */
import { Buffer } from "node:buffer";
import { CurlError } from "./errors.ts";

export interface HttpAnswer {
  status: number;
  /** Names as received; of a name that comes twice, the last. */
  headers: Record<string, string>;
  body: Uint8Array;
}

const END_OF_LINE = "\r\n";

/** Gives the first answer that is not an interim one (1xx). Throws CurlError when it is cut off. */
export async function readAnswer(connection: Deno.Conn): Promise<HttpAnswer> {
  const bytes = new ByteReader(connection);
  for (;;) {
    const status = parseStatus(await bytes.line());
    const headers = await readHeaders(bytes);
    if (status >= 200) return { status, headers, body: await readBody(bytes, status, headers) };
  }
}

function parseStatus(line: string | undefined): number {
  if (line === undefined) throw new CurlError("Server returned nothing (no headers, no data)");
  const status = line.match(/^HTTP\/1\.[01] (\d{3})/)?.[1];
  if (!status) throw new CurlError("Unsupported protocol");
  return Number(status);
}

async function readHeaders(bytes: ByteReader): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (let line = await bytes.line(); line; line = await bytes.line()) {
    const [, name, value] = line.match(/^([^:]+):\s*(.*?)\s*$/) ?? [];
    if (name) headers[name] = (value ?? "").replaceAll("\0", "");
  }
  return headers;
}

async function readBody(
  bytes: ByteReader,
  status: number,
  headers: Record<string, string>,
): Promise<Uint8Array> {
  const lowered = new Map(
    Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]),
  );
  if (status === 204 || status === 304) return new Uint8Array();
  if (lowered.get("transfer-encoding")?.toLowerCase() === "chunked") return await readChunks(bytes);
  const length = lowered.get("content-length");
  return length === undefined ? await bytes.rest() : await bytes.exactly(Number(length));
}

async function readChunks(bytes: ByteReader): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const size = parseInt(await bytes.line() ?? "", 16);
    if (Number.isNaN(size)) throw new CurlError("Transferred a partial file");
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(await bytes.exactly(size));
    await bytes.line();
  }
}

class ByteReader {
  #connection: Deno.Conn;
  #buffer = Buffer.alloc(0);

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** The text up to the next line end, or undefined when nothing comes any more. */
  async line(): Promise<string | undefined> {
    while (!this.#buffer.includes(END_OF_LINE)) {
      if (!await this.#more()) return undefined;
    }
    const end = this.#buffer.indexOf(END_OF_LINE);
    return this.#take(end + END_OF_LINE.length).toString("latin1", 0, end);
  }

  async exactly(length: number): Promise<Uint8Array> {
    while (this.#buffer.length < length) {
      if (!await this.#more()) throw new CurlError("Transferred a partial file");
    }
    return this.#take(length);
  }

  async rest(): Promise<Uint8Array> {
    while (await this.#more());
    return this.#take(this.#buffer.length);
  }

  #take(length: number): Buffer {
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }

  async #more(): Promise<boolean> {
    const chunk = new Uint8Array(16_384);
    const count = await this.#connection.read(chunk);
    if (count) this.#buffer = Buffer.concat([this.#buffer, chunk.subarray(0, count)]);
    return count !== null;
  }
}
