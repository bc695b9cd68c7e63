/** What the parts of the simulator share. */
import type { Delivery, DeliveryOptions } from "./deliver_webhook.ts";
import type { Faults } from "./faults.ts";
import type { Message, Status, WebhookParameters } from "./message.ts";
import type { MessageStore } from "./message_store.ts";
import type { Presence } from "./presence.ts";
import type { Rules } from "./rules.ts";

/** One change of an outbound message's status, so long after the change before. */
export interface Step {
  status: Status;
  afterMs: number;
}

/** What is configured at the sender, as in Twilio's console. */
export interface Webhook {
  /** Where messages go; may carry connection overrides in its fragment. Empty: nowhere. */
  url: string;
  /** Shown by the API; the simulator always sends POST. */
  method: string;
  /** Asked when the URL fails. */
  fallbackUrl: string | null;
  fallbackMethod: string;
  /** For outbound messages that name no StatusCallback of their own. */
  statusCallback: string | null;
  /** The Messaging Service that the senders are in; it goes before them. */
  service: MessagingService | null;
}

/** What is configured at a Messaging Service. */
export interface MessagingService {
  /** MG and 32 hexadecimal digits. */
  sid: string;
  name: string;
  /** Null: receiving is disabled. */
  inboundUrl: string | null;
  inboundMethod: string;
  fallbackUrl: string | null;
  fallbackMethod: string;
  statusCallback: string | null;
  /** True: the sender's own webhook is called instead. */
  useInboundWebhookOnNumber: boolean;
}

export interface Simulation {
  readonly accountSid: string;
  readonly authToken: string;
  readonly businessAddress: string;
  /** All business numbers: the configured one, and each that a customer has written to. */
  readonly ownAddresses: Set<string>;
  /** Whether media need Basic auth, as an account can demand; public otherwise. */
  readonly protectMedia: boolean;
  readonly life: readonly Step[];
  readonly webhook: Webhook;
  readonly rules: Rules;
  /** The customers whose STOP Advanced Opt-Out has seen, and no START since. */
  readonly optedOut: Set<string>;
  /** Whose phones are offline. */
  readonly presence: Presence;
  readonly messages: MessageStore;
  readonly faults: Faults;
  /** Aborted when the simulator stops. */
  readonly signal: AbortSignal;
  /** http://127.0.0.1:<port> */
  url: string;
  deliver(
    url: string,
    parameters: WebhookParameters,
    options?: DeliveryOptions,
  ): Promise<Delivery>;
  /** Stores an outbound message and begins its life; resolves when the POST may be answered. */
  send(message: Message): Promise<void>;
  /** Work that nobody awaits; stopping waits for it. */
  inBackground(work: Promise<unknown>): void;
  log(line: string): void;
}
