/** The timeline of one message, with the rows behind each step one click away. */
import type { Child } from "hono/jsx";
import type { Message } from "../../twilio_simulator/message.ts";
import type { ConsoleDeps, Query } from "../deps.ts";
import { Badge, viewLink } from "../layout.tsx";
import { clock, prettyRow } from "../words.ts";
import type { Step } from "./expected_steps.ts";
import { journeySteps } from "./journey_steps.ts";
import { maskedParameters } from "./masked_parameters.ts";
import type { Stage } from "./stage.ts";

interface JourneyProps {
  deps: ConsoleDeps;
  stage: Stage;
  /** The message that is watched; undefined when nobody has written. */
  message: Message | undefined;
  query: Query;
}

export async function Journey({ deps, stage, message, query }: JourneyProps): Promise<Child> {
  if (!message) {
    return (
      <div id="journey" class="journey empty">
        Write a message: its way appears here, step by step.
      </div>
    );
  }
  const isRevealed = query["reveal"] === "1";
  const steps = journeySteps({
    message,
    calls: stage.observations.callsOf(message.sid),
    record: await deps.records.getJourney(message.sid, isRevealed),
    changesOf: (sid) => stage.observations.changesOf(sid),
    modelRequests: stage.openai.requests(),
  });
  const done = steps.filter(({ at }) => at);
  const total = (done.at(-1)?.at?.getTime() ?? 0) - (done[0]?.at?.getTime() ?? 0);
  return (
    <div id="journey" class="journey">
      <p class="journey-head">
        <span>{clock(message.dateCreated)} · {message.sid.slice(0, 10)}…</span>
        <strong>{total} ms</strong>
        <RevealLink deps={deps} query={query} isRevealed={isRevealed} />
      </p>
      <ol>
        {steps.map((step, index) => (
          <StepItem step={step} before={steps[index - 1]} isRevealed={isRevealed} />
        ))}
      </ol>
    </div>
  );
}

/** Customers' data are shown to whoever asks for them, and until they ask no more. */
function RevealLink(
  { deps, query, isRevealed }: { deps: ConsoleDeps; query: Query; isRevealed: boolean },
): Child {
  const reveal = isRevealed ? "" : "1";
  return (
    <a href={viewLink(deps, "stage", { ...query, reveal })} data-swap class="button quiet">
      {isRevealed ? "Mask data" : "Show data"}
    </a>
  );
}

function StepItem(
  { step, before, isRevealed }: { step: Step; before: Step | undefined; isRevealed: boolean },
): Child {
  const { key, title, detail, at, source, isFailure, rows } = step;
  const between = at && before?.at ? at.getTime() - before.at.getTime() : undefined;
  const state = !at ? "expected" : isFailure ? "failed" : "done";
  return (
    <li id={`step-${key}`} class={`step ${state}`} data-step={key}>
      <span class="gap">{at ? between === undefined ? "0" : `+${between}` : ""}</span>
      <div>
        <p>
          <strong>{title}</strong>
          <Badge tone={source.toLowerCase()}>{source}</Badge>
        </p>
        {detail && <p class="detail">{detail}</p>}
        {rows.map(({ name, row }, index) => (
          <details id={`row-${key}-${index}`}>
            <summary>{name}</summary>
            <pre
              tabindex={0}
            >{prettyRow(!isRevealed && name === "Webhook parameters" ? maskedParameters(row) : row)}</pre>
          </details>
        ))}
      </div>
    </li>
  );
}
