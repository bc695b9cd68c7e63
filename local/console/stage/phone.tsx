/** A customer's phone: the chat as they see it, with what Twilio says became of each message. */
import type { Child } from "hono/jsx";
import type { Message } from "../../twilio_simulator/message.ts";
import type { ConsoleDeps, Query } from "../deps.ts";
import { ActButton, linkTo, viewLink } from "../layout.tsx";
import { shortTime } from "../words.ts";
import { Icon } from "../icon.tsx";
import type { Customer } from "./customers.ts";
import { kindOf, summaryOf } from "./message_kinds.ts";
import type { Stage } from "./stage.ts";

/** More would make each look slow, and nobody scrolls that far on a stage. */
const SHOWN = 60;

interface PhoneProps {
  deps: ConsoleDeps;
  stage: Stage;
  customer: Customer;
  query: Query;
}

/** The tabs of all customers. */
export function CustomerTabs({ deps, stage, customer }: PhoneProps): Child {
  return (
    <div id="customers" class="tabs">
      {stage.customers.all.map(({ address, name }) => (
        <a
          href={viewLink(deps, "stage", { customer: address })}
          aria-current={address === customer.address ? "true" : undefined}
          data-swap
          class={stage.twilio.presence.isOffline(address) ? "offline" : ""}
        >
          {name}
        </a>
      ))}
      <ActButton act="add-customer" class="quiet" title="Another customer">+ Customer</ActButton>
    </div>
  );
}

/** Name, and whether the phone is online. */
export function PhoneBar({ stage, customer: { address, name } }: PhoneProps): Child {
  const isOffline = stage.twilio.presence.isOffline(address);
  return (
    <div id="phone-bar" class="phone-bar">
      <span class="avatar" aria-hidden="true">{initials(name)}</span>
      <div>
        <strong>{name}</strong>
        <small>{isOffline ? "offline" : "online"} · {address.replace("whatsapp:", "")}</small>
      </div>
      <ActButton
        act={isOffline ? "online" : "offline"}
        fields={{ customer: address }}
        class="on-bar"
      >
        {isOffline ? "Go online" : "Go offline"}
      </ActButton>
    </div>
  );
}

/** All messages, the newest at the bottom. */
export function Chat({ deps, stage, customer, query }: PhoneProps): Child {
  const messages = stage.messagesOf(customer.address).slice(-SHOWN);
  const drafts = stage.draftsOf(customer.address);
  return (
    <ol id="chat" class="chat" tabindex={0} aria-label={`Chat of ${customer.name}`} data-follow>
      {messages.length + drafts.length === 0 && (
        <li class="empty">
          Nothing was written yet. Write as {customer.name}, or press a button below.
        </li>
      )}
      {messages.map((message) => (
        <Bubble deps={deps} message={message} query={{ ...query, customer: customer.address }} />
      ))}
      {drafts.map((draft, index) => (
        <li id={`draft-${index}`} class="bubble mine draft">
          <p dir="auto">{String(draft["body"] ?? "attachment")}</p>
          <small>waits for the phone to be online</small>
        </li>
      ))}
    </ol>
  );
}

function Bubble(
  { deps, message, query }: { deps: ConsoleDeps; message: Message; query: Query },
): Child {
  const isMine = message.direction === "inbound";
  const isWatched = isMine && query["message"] === message.sid;
  const body = summaryOf(message);
  return (
    <li
      id={`m-${message.sid}`}
      class={`bubble ${isMine ? "mine" : "theirs"}${isWatched ? " watched" : ""}`}
    >
      <Media deps={deps} message={message} />
      {body && (
        <p dir="auto">
          {message.parameters?.has("Latitude") && <Icon name="location" />}
          {body}
        </p>
      )}
      <small>
        {isMine && (
          <a href={viewLink(deps, "stage", { ...query, message: message.sid })} data-swap>
            Journey<span class="hidden">of this message</span>
          </a>
        )}
        <time datetime={message.dateCreated.toISOString()}>{shortTime(message.dateCreated)}</time>
        <Ticks message={message} />
      </small>
    </li>
  );
}

function Media({ deps, message }: { deps: ConsoleDeps; message: Message }): Child {
  return message.media.map((media, index) => {
    if (media.contentType.startsWith("image/") && media.contentType !== "image/svg+xml") {
      const src = linkTo(deps, `/console/media/${message.sid}/${index}`);
      return <img class="attached" src={src} alt="A picture" width="220" height="132" />;
    }
    return (
      <p class="file">
        <Icon name={kindOf(media.contentType).icon} /> {kindOf(media.contentType).name}
        <small>{media.contentType}</small>
      </p>
    );
  });
}

const TICKS: Record<string, { marks: string; tone: string }> = {
  received: { marks: "✓", tone: "" },
  accepted: { marks: "◷", tone: "" },
  scheduled: { marks: "◷", tone: "" },
  queued: { marks: "◷", tone: "" },
  sending: { marks: "◷", tone: "" },
  sent: { marks: "✓", tone: "" },
  delivered: { marks: "✓✓", tone: "" },
  read: { marks: "✓✓", tone: "read" },
};

function Ticks({ message: { status, errorCode } }: { message: Message }): Child {
  const { marks, tone } = TICKS[status] ?? { marks: "!", tone: "failed" };
  const said = errorCode === null ? status : `${status} (${errorCode})`;
  return (
    <span class={`ticks ${tone}`} data-status={status}>
      <span aria-hidden="true">{marks}</span> {said}
    </span>
  );
}

function initials(name: string): string {
  return name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
}
