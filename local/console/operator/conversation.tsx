/** How one conversation stands, and what the operator can do about it. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "../deps.ts";
import { ActButton, ActForm, Badge, viewLink } from "../layout.tsx";
import type { Conversation, ListedTurn } from "../record_types.ts";
import { prettyRow, shortTime, since } from "../words.ts";

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
