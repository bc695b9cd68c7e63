/** The messages of one conversation with their turns, and the form for a person's reply. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "../deps.ts";
import { ActForm, Badge, viewLink } from "../layout.tsx";
import type { ListedMessage, ListedTurn } from "../record_types.ts";
import { prettyRow, shortTime, spoken } from "../words.ts";
import { WritingField } from "../writing_field.tsx";

interface MessagesProps {
  deps: ConsoleDeps;
  query: Query;
}

/** A page of messages, the newest at the bottom. */
export async function Messages({ deps, query }: MessagesProps): Promise<Child> {
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
      <WritingField
        id={`reply-${conversationId}`}
        label="Your reply"
        placeholder="Answer as a person"
        rows={2}
        send="Send reply"
      />
    </ActForm>
  );
}
