/** The database in memory, with the levers that conformance cases pull. */
import { createFakeDatabase } from "../support/fake_database.ts";
import { nextWord } from "../support/fake_database/opt_out.ts";
import {
  closeConversation,
  handBack,
  handOver,
  sendReply,
} from "../support/fake_database/person.ts";
import { rowOf } from "../support/fake_database/rows.ts";
import type { Turn } from "../support/fake_database/state.ts";
import type { DatabaseUnderTest, StoredConversation } from "./database_under_test.ts";

/** An empty one whose clock stands still between calls of `passTime`. */
// deno-lint-ignore require-await
export async function createFakeUnderTest(): Promise<DatabaseUnderTest> {
  let now = Date.UTC(2026, 0, 2, 3, 4, 5);
  const database = createFakeDatabase({ now: () => now });
  const { state } = database;
  const done = Promise.resolve();
  state.canDispatch = false;
  return {
    database,
    configure: (settings) => (Object.assign(state.settings, settings), done),
    passTime: (ms) => (now += ms, done),
    setHandler: (id, handler) => (rowOf(state.conversations, id).handler = handler, done),
    // deno-lint-ignore require-await
    handOver: async (id) => handOver(state, id),
    // deno-lint-ignore require-await
    handBack: async (id) => handBack(state, id),
    // deno-lint-ignore require-await
    close: async (id) => closeConversation(state, id),
    // deno-lint-ignore require-await
    sendReply: async (id, reply) => sendReply(state, id, reply),
    optOut(id) {
      const customer = rowOf(state.customers, rowOf(state.conversations, id).customerId);
      Object.assign(customer, { isOptedOut: true, lastWord: nextWord(state) });
      return done;
    },
    setDispatch: (canDispatch) => (state.canDispatch = canDispatch, done),
    read: (id) => Promise.resolve(read(database, id)),
    [Symbol.asyncDispose]: () => done,
  };
}

function read({ state }: ReturnType<typeof createFakeDatabase>, id: string): StoredConversation {
  const isOwn = ({ conversationId }: { conversationId: string }) => conversationId === id;
  return {
    messages: state.messages.filter(isOwn).sort((a, b) => a.seq - b.seq).map((message) => {
      const { seq, direction, kind, bodyText: text, turnId } = message;
      const { sendState, deliveryStatus, errorCode } = message;
      return { seq, direction, kind, text, turnId, sendState, deliveryStatus, errorCode };
    }),
    turns: state.turns.filter(isOwn).map(({ id, state, attempt, failureCount }: Turn) => ({
      ...{ id, state, attempt, failureCount },
    })),
    rings: state.dispatches.filter((rung) => rung === id).length,
  };
}
