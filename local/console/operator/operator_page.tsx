/** The operator's view: the list, one conversation, and how the whole stands. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "../deps.ts";
import { Page } from "../layout.tsx";
import { type Fragment, type Live, Pulse } from "../live.ts";
import { AuditTrail } from "./audit_trail.tsx";
import { ConversationHead } from "./conversation.tsx";
import { ConversationList } from "./conversation_list.tsx";
import { Messages, ReplyForm } from "./messages.tsx";
import type { Operator } from "./operator.ts";
import { HealthPanel, MetricsPanel } from "./overview.tsx";

const EVERY_MS = 1_500;

/** What moves for this query. */
export function liveOperator(deps: ConsoleDeps, operator: Operator, query: Query): Live {
  // On the stack with a stage, whatever happens there is looked at without delay.
  const pulse: Pulse = deps.stage?.pulse ?? operator.pulse;
  return { pulse, everyMs: EVERY_MS, fragments: fragments(deps, operator, query) };
}

function fragments(deps: ConsoleDeps, operator: Operator, query: Query): Fragment[] {
  return [
    { id: "conversations", render: () => ConversationList({ deps, query }) },
    { id: "health", render: () => HealthPanel({ deps }) },
    { id: "metrics", render: () => MetricsPanel({ operator }) },
    ...(query["conversation"]
      ? [
        { id: "conversation-head", render: () => ConversationHead({ deps, query }) },
        { id: "messages", render: () => Messages({ deps, query }) },
        { id: "audit", render: () => AuditTrail({ deps, operator, query }) },
      ]
      : []),
  ];
}

/** The whole page; what the database knows is told once the page is there. */
export function OperatorPage({ deps, query }: { deps: ConsoleDeps; query: Query }): Child {
  const conversationId = query["conversation"];
  return (
    <Page deps={deps} page={{ title: "Operator", view: "operator", query }}>
      <section class="list" aria-label="Conversations">
        <div id="conversations" class="conversations empty">…</div>
      </section>
      <section class="one" aria-label="Conversation">
        {conversationId
          ? (
            <>
              <div id="conversation-head" class="conversation-head">…</div>
              <div id="messages" class="messages"></div>
              <ReplyForm conversationId={conversationId} />
              <div id="audit" class="audit"></div>
            </>
          )
          : (
            <p class="empty">
              Choose a conversation. Who waits longest for an answer comes first.
            </p>
          )}
      </section>
      <section class="whole" aria-label="How it stands">
        <div id="health" class="health"></div>
        <div id="metrics" class="metrics"></div>
      </section>
    </Page>
  );
}
