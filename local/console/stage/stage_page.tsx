/** The stage: phone, journey, faults, and the parts of it that move. */
import type { Child } from "hono/jsx";
import type { Message } from "../../twilio_simulator/message.ts";
import type { ConsoleDeps, Query } from "../deps.ts";
import { Page } from "../layout.tsx";
import type { Fragment, Live } from "../live.ts";
import { Composer } from "./composer.tsx";
import type { Customer } from "./customers.ts";
import { FaultDrawer, FaultList, LedgerCounts } from "./faults.tsx";
import { Journey } from "./journey.tsx";
import { Chat, CustomerTabs, PhoneBar } from "./phone.tsx";
import type { Stage } from "./stage.ts";

const EVERY_MS = 500;

/** What moves on the stage for this query. */
export function liveStage(deps: ConsoleDeps, stage: Stage, query: Query): Live {
  return { pulse: stage.pulse, everyMs: EVERY_MS, fragments: fragments(deps, stage, query) };
}

function fragments(deps: ConsoleDeps, stage: Stage, query: Query): Fragment[] {
  const shown = () => ({
    deps,
    stage,
    query: watched(stage, query),
    customer: customerOf(stage, query),
  });
  return [
    { id: "customers", render: () => <CustomerTabs {...shown()} /> },
    { id: "phone-bar", render: () => <PhoneBar {...shown()} /> },
    { id: "chat", render: () => <Chat {...shown()} /> },
    { id: "ledger", render: async () => <LedgerCounts balance={await stage.ledger.read()} /> },
    {
      id: "fault-list",
      render: async () => <FaultList stage={stage} balance={await stage.ledger.read()} />,
    },
    {
      id: "journey",
      render: () => Journey({ deps, stage, query, message: watchedMessage(stage, query) }),
    },
  ];
}

/** The whole page; what needs the database is told once the page is there. */
export function StagePage(
  { deps, stage, query }: { deps: ConsoleDeps; stage: Stage; query: Query },
): Child {
  const customer = customerOf(stage, query);
  const shown = { deps, stage, query: watched(stage, query), customer };
  return (
    <Page
      deps={deps}
      page={{ title: "Stage", view: "stage", query, status: <LedgerCounts balance={undefined} /> }}
    >
      <section class="phone" aria-label="Phone">
        <CustomerTabs {...shown} />
        <div class="device">
          <PhoneBar {...shown} />
          <Chat {...shown} />
          <Composer customer={customer} />
        </div>
      </section>
      <section class="way" aria-label="Journey">
        <h2>Journey</h2>
        <div id="journey" class="journey empty">…</div>
      </section>
      <section class="break" aria-label="Faults">
        <FaultDrawer stage={stage} />
        <ul id="fault-list" class="fault-list" aria-label="Faults that were pressed"></ul>
      </section>
    </Page>
  );
}

function customerOf(stage: Stage, query: Query): Customer {
  return stage.customers.get(query["customer"]) ?? stage.customers.all[0] ?? stage.customers.add();
}

/** The message that was chosen, else the customer's last word. */
function watchedMessage(stage: Stage, query: Query): Message | undefined {
  const chosen = stage.twilio.messages.get(query["message"] ?? "");
  if (chosen?.direction === "inbound") return chosen;
  return stage.messagesOf(customerOf(stage, query).address)
    .findLast(({ direction }) => direction === "inbound");
}

function watched(stage: Stage, query: Query): Query {
  const message = watchedMessage(stage, query);
  return message ? { ...query, message: message.sid } : query;
}
