/** The drawer with what can be broken, and what became of it. */
import type { Child } from "hono/jsx";
import { ActButton, Badge } from "../layout.tsx";
import { clock, duration } from "../words.ts";
import { FAULT_GROUPS, type FaultButton } from "./fault_buttons.ts";
import type { PressedFault } from "./fault_log.ts";
import type { Balance } from "./ledger_watch.ts";
import type { Stage } from "./stage.ts";

/** The buttons of what this stack can break. */
export function FaultDrawer({ stage }: { stage: Stage }): Child {
  const { targets } = stage.twilio.faults.list();
  return (
    <details class="drawer" id="faults">
      <summary>
        Faults<span class="hint">break it on stage</span>
      </summary>
      <div class="drawer-body">
        {FAULT_GROUPS.map(({ title, buttons }) => {
          const known = buttons.filter(({ target }) => targets[target]);
          if (known.length === 0) return null;
          return (
            <fieldset>
              <legend>{title}</legend>
              {known.map((button) => <FaultPress button={button} />)}
            </fieldset>
          );
        })}
        <ActButton act="mend" class="primary">Mend everything</ActButton>
      </div>
    </details>
  );
}

function FaultPress({ button: { label, target, mode, times } }: { button: FaultButton }): Child {
  const fields = { label, target, mode, times: String(times) };
  return <ActButton act="fault" fields={fields} class="fault">{label}</ActButton>;
}

/** What was pressed, newest first. */
export function FaultList(
  { stage, balance }: { stage: Stage; balance: Balance | undefined },
): Child {
  stage.faults.update(balance);
  return (
    <ul id="fault-list" class="fault-list" aria-label="Faults that were pressed">
      {stage.faults.pressed.map((fault) => <FaultItem fault={fault} />)}
    </ul>
  );
}

const SAID = { armed: "waits to strike", healing: "healing", healed: "healed" };

function FaultItem({ fault }: { fault: PressedFault }): Child {
  const { label, pressedAt, state, healedAfterMs } = fault;
  return (
    <li data-state={state}>
      <time>{clock(pressedAt)}</time> {label}
      <Badge tone={state}>
        {SAID[state]}
        {healedAfterMs !== undefined && ` after ${duration(healedAfterMs)}`}
      </Badge>
    </li>
  );
}

/** Lost and doubled, always in view: Twilio's list against the tables. */
export function LedgerCounts({ balance }: { balance: Balance | undefined }): Child {
  const count = (name: string, value: number | undefined, tone = "") => (
    <div class={`count ${tone}`} data-count={name}>
      <dt>{name}</dt>
      <dd>{value ?? "–"}</dd>
    </div>
  );
  const tone = (value: number | undefined) => value === 0 ? "good" : value ? "bad" : "";
  return (
    <dl id="ledger" class={`ledger${balance?.isOld ? " old" : ""}`}>
      {count("lost", balance?.lost, tone(balance?.lost))}
      {count("doubled", balance?.doubled, tone(balance?.doubled))}
      {count("received", balance?.received)}
      {count("answered", balance?.answered)}
      {count("open", balance && balance.unanswered + balance.underWay)}
    </dl>
  );
}
