/** The record of one conversation, and whether its chain of hashes holds. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "../deps.ts";
import { Badge, viewLink } from "../layout.tsx";
import type { AuditEvent, ChainState } from "../record_types.ts";
import { clock, prettyRow, spoken } from "../words.ts";
import type { Operator } from "./operator.ts";

interface AuditProps {
  deps: ConsoleDeps;
  operator: Operator;
  query: Query;
}

export async function AuditTrail({ deps, operator, query }: AuditProps): Promise<Child> {
  const id = query["conversation"] ?? "";
  const before = query["audit"] ? Number(query["audit"]) : undefined;
  const { events, beforeId } = await deps.records.listAudit(id, before);
  const chain = await operator.chain(id);
  const to = (audit: string) => viewLink(deps, "operator", { ...query, audit });
  return (
    <div id="audit" class="audit">
      <h3>
        Audit <ChainBadge chain={chain} />
      </h3>
      <ol>
        {events.map((event) => <AuditItem event={event} />)}
      </ol>
      <p class="pages">
        {before !== undefined && <a href={to("")} data-swap>Newest</a>}
        {beforeId !== null && <a href={to(String(beforeId))} data-swap>Earlier</a>}
      </p>
    </div>
  );
}

function ChainBadge({ chain: { outcome, rowCount, problems } }: { chain: ChainState }): Child {
  if (outcome === "broken") {
    return <Badge tone="failed">{`chain broken: ${problems.length} problems`}</Badge>;
  }
  const words = outcome === "intact" ? "chain intact" : "chain intact so far";
  return <Badge tone="healed">{`${words}: ${rowCount} rows`}</Badge>;
}

function AuditItem({ event }: { event: AuditEvent }): Child {
  const { id, createdAt, eventType, actorType, success, errorCode, row } = event;
  return (
    <li id={`audit-${id}`} class={success ? "" : "failed"}>
      <details id={`row-audit-${id}`}>
        <summary>
          <time>{clock(createdAt)}</time> {spoken(eventType)}
          <small>{actorType}{errorCode && ` · ${errorCode}`}</small>
        </summary>
        <pre tabindex={0}>{prettyRow(row)}</pre>
      </details>
    </li>
  );
}
