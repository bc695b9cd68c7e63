/** One conversation: its messages with their turns, and what the operator can do about it. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "../deps.ts";
import { ActButton, ActForm, Badge, viewLink } from "../layout.tsx";
import { Icon } from "../icon.tsx";
import type { Conversation, ListedMessage, ListedTurn } from "../record_types.ts";
import { prettyRow, shortTime, since, spoken } from "../words.ts";

interface ConversationProps {
  deps: ConsoleDeps;
  query: Query;
}

/** Who it is, how it stands, and the buttons. */
export async function ConversationHead({ deps, query }: ConversationProps): Promise<Child> {
  const isRevealed = query["reveal"] === "1";
  const found = await deps.records.getConversation(query["conversation"] ?? "", isRevealed);
  if (!found) return <div id="conversation-head" class="empty">There is no such conversation.</div>;
  const reveal = isRevealed ? "" : "1";
  return (
    <div id="conversation-head" class="conversation-head">
      <div class="who">
        <h2 dir="auto">{found.name || found.address}</h2>
        <p>
          {found.address}{" "}
          <Badge tone={found.handler}>
            {found.handler === "human" ? "a person answers" : "the agent answers"}
          </Badge>
          {found.waitingSince && <Badge tone="waits">{`waits ${since(found.waitingSince)}`}</Badge>}
          {found.status === "closed" && <Badge tone="closed">closed</Badge>}
          {found.optedOutAt && <Badge tone="failed">opted out</Badge>}
          {found.erasedAt && <Badge tone="failed">erased</Badge>}
        </p>
      </div>
      <div class="buttons">
        <a href={viewLink(deps, "operator", { ...query, reveal })} class="button quiet" data-swap>
          {isRevealed ? "Mask data" : "Show data"}
        </a>
        <Handling conversation={found} />
      </div>
      {[...found.openTurns, ...found.deadTurns].map((turn) => <OpenTurn turn={turn} />)}
      <details id="row-conversation">
        <summary>cc_conversations</summary>
        <pre tabindex={0}>{prettyRow(found.row)}</pre>
      </details>
      {!found.erasedAt && <Erase customerId={found.customerId} />}
    </div>
  );
}

function Handling(
  { conversation: { id, handler, status } }: { conversation: Conversation },
): Child {
  const fields = { conversation: id };
  return (
    <>
      {handler === "agent"
        ? <ActButton act="take-over" fields={fields} class="primary">Take over</ActButton>
        : <ActButton act="hand-back" fields={fields}>Hand back</ActButton>}
      {status === "active" && <ActButton act="close" fields={fields}>Close</ActButton>}
    </>
  );
}

function OpenTurn({ turn }: { turn: ListedTurn }): Child {
  const { id, state, attempt, failureCount, lastErrorCode, createdAt, row } = turn;
  return (
    <div class={`open-turn ${state}`} id={`open-${id}`}>
      <p>
        <Badge tone={state === "dead" ? "failed" : "waits"}>{`turn ${state}`}</Badge> since{" "}
        {shortTime(createdAt)}, attempt {attempt}
        {failureCount > 0 && `, ${failureCount} failures (${lastErrorCode ?? "unknown"})`}
        {state === "dead" && <ActButton act="replay" fields={{ turn: id }}>Replay</ActButton>}
      </p>
      <details id={`row-turn-${id}`}>
        <summary>cc_turns</summary>
        <pre tabindex={0}>{prettyRow(row)}</pre>
      </details>
    </div>
  );
}

function Erase({ customerId }: { customerId: string }): Child {
  return (
    <details class="erase" id="erase">
      <summary>Erase this customer…</summary>
      <ActForm act="erase" fields={{ customer: customerId }} class="row" data-reset>
        <label>
          Removes all personal data of this person, for good. Write <code>erase</code>:
          <input name="confirmation" required pattern="erase" autocomplete="off" />
        </label>
        <button type="submit" class="danger">Erase for good</button>
      </ActForm>
    </details>
  );
}

/** A page of messages, the newest at the bottom. */
export async function Messages({ deps, query }: ConversationProps): Promise<Child> {
  const isRevealed = query["reveal"] === "1";
  const before = query["before"] ? Number(query["before"]) : undefined;
  const id = query["conversation"] ?? "";
  const { messages, turns, beforeSeq } = await deps.records.listMessages(id, before, isRevealed);
  const to = (value: string) => viewLink(deps, "operator", { ...query, before: value });
  const turnOf = new Map(turns.map((turn) => [turn.id, turn]));
  return (
    <div id="messages" class="messages">
      <p class="pages">
        {beforeSeq !== null && <a href={to(String(beforeSeq))} data-swap>Earlier</a>}
        {before !== undefined && <a href={to("")} data-swap>Newest</a>}
      </p>
      <ol class="chat" tabindex={0} aria-label="Messages" data-follow>
        {messages.toReversed().map((message) => (
          <MessageItem message={message} turn={turnOf.get(message.turnId ?? "")} />
        ))}
      </ol>
      {/* What a person answers is what they had seen: the newest message that this page shows. */}
      <input type="hidden" name="up_to_seq" form="reply" value={String(messages[0]?.seq ?? 0)} />
    </div>
  );
}

function MessageItem(
  { message, turn }: { message: ListedMessage; turn: ListedTurn | undefined },
): Child {
  const { id, seq, direction, kind, text, media, createdAt, errorCode, erasedAt, row } = message;
  const status = message.deliveryStatus ?? message.sendState;
  return (
    <li id={`message-${id}`} class={`bubble ${direction === "inbound" ? "theirs" : "mine"}`}>
      {erasedAt ? <p class="gone">erased {shortTime(erasedAt)}</p> : <p dir="auto">{text}</p>}
      {media.map(({ contentType, state }) => <p class="file">{contentType} · {spoken(state)}</p>)}
      <small>
        #{seq} {kind && kind !== "text" && spoken(kind)} <time>{shortTime(createdAt)}</time>
        {status && (
          <Badge tone={errorCode ? "failed" : status}>
            {spoken(status)}
            {errorCode && ` ${errorCode}`}
          </Badge>
        )}
        {turn && <Badge tone={turn.state === "dead" ? "failed" : "turn"}>{turnWords(turn)}</Badge>}
      </small>
      <details id={`row-message-${id}`}>
        <summary>rows</summary>
        <pre tabindex={0}>{prettyRow(row)}</pre>
        {turn && <pre tabindex={0}>{prettyRow(turn.row)}</pre>}
      </details>
    </li>
  );
}

function turnWords({ state, silentReason }: ListedTurn): string {
  return silentReason ? `${state}: ${spoken(silentReason)}` : `turn ${state}`;
}

/** Stays as it is while the messages above it move: what is being written is nobody's to replace. */
export function ReplyForm({ conversationId }: { conversationId: string }): Child {
  return (
    <ActForm
      act="reply"
      fields={{ conversation: conversationId }}
      class="write"
      id="reply"
      data-reset
    >
      {/* The page makes the id: pressing twice, or once more after a broken connection, is one reply. */}
      <input type="hidden" name="id" data-fresh-id />
      <label class="hidden" for={`reply-${conversationId}`}>Your reply</label>
      <textarea
        id={`reply-${conversationId}`}
        name="text"
        rows={2}
        required
        dir="auto"
        placeholder="Answer as a person"
        data-enter-sends
      >
      </textarea>
      <button type="submit" class="send" aria-label="Send reply">
        <Icon name="send" />
      </button>
    </ActForm>
  );
}
