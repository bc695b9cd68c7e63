/** The conversations: who waits longest for an answer comes first. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "../deps.ts";
import { Badge, viewLink } from "../layout.tsx";
import type { ListedConversation } from "../record_types.ts";
import { shortTime, since } from "../words.ts";

interface ListProps {
  deps: ConsoleDeps;
  query: Query;
}

export async function ConversationList({ deps, query }: ListProps): Promise<Child> {
  const list = query["list"] === "dead" ? "dead" : "all";
  const { conversations, after } = await deps.records.listConversations({
    ...{ list, after: query["after"], isRevealed: query["reveal"] === "1" },
  });
  const to = (changes: Query) => viewLink(deps, "operator", { ...query, ...changes });
  return (
    <div id="conversations" class="conversations">
      <div class="tabs" role="group" aria-label="Which conversations">
        <a
          href={to({ list: "", after: "" })}
          aria-current={list === "all" ? "true" : undefined}
          data-swap
        >
          All
        </a>
        <a
          href={to({ list: "dead", after: "" })}
          aria-current={list === "dead" ? "true" : undefined}
          data-swap
        >
          Dead turns
        </a>
      </div>
      <ol>
        {conversations.length === 0 && <li class="empty">No conversation here.</li>}
        {conversations.map((conversation) => (
          <Entry
            conversation={conversation}
            href={to({ conversation: conversation.id, before: "", audit: "" })}
            isChosen={query["conversation"] === conversation.id}
          />
        ))}
      </ol>
      <p class="pages">
        {query["after"] && <a href={to({ after: "" })} data-swap>First page</a>}
        {after && <a href={to({ after })} data-swap>Next page</a>}
      </p>
    </div>
  );
}

function Entry(
  { conversation, href, isChosen }: {
    conversation: ListedConversation;
    href: string;
    isChosen: boolean;
  },
): Child {
  const { id, name, address, handler, status, waitingSince, hasDeadTurn, lastMessage } =
    conversation;
  return (
    <li id={`c-${id}`}>
      <a href={href} class="entry" aria-current={isChosen ? "true" : undefined} data-swap>
        <span class="entry-head">
          <strong dir="auto">{name || address}</strong>
          {waitingSince
            ? <Badge tone="waits">{`waits ${since(waitingSince)}`}</Badge>
            : <time>{lastMessage && shortTime(lastMessage.createdAt)}</time>}
        </span>
        <span class="entry-text" dir="auto">{lastMessage?.text ?? ""}</span>
        <span class="entry-foot">
          {address}
          {handler === "human" && <Badge tone="human">person</Badge>}
          {hasDeadTurn && <Badge tone="failed">dead turn</Badge>}
          {status === "closed" && <Badge tone="closed">closed</Badge>}
        </span>
      </a>
    </li>
  );
}
