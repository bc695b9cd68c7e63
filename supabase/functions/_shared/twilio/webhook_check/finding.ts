/** What the webhook check compares, and what it finds. */

/** One place at Twilio that names the URLs to call. */
export interface WebhookSource {
  /** `whatsapp:+14155238886`, or the name and sid of a Messaging Service. */
  name: string;
  /** Null: none is set. It may carry connection overrides in its fragment. */
  url: string | null;
  /** Null: Twilio's default, POST. */
  method: string | null;
  fallbackUrl: string | null;
  fallbackMethod: string | null;
  statusCallback: string | null;
}

export interface ServiceSource extends WebhookSource {
  /** The names of the senders that are in this Messaging Service. */
  senders: string[];
  /** True: the senders' own webhooks are called, and the service's are not. */
  usesSenderWebhooks: boolean;
}

/** All that Twilio has configured, as far as it was asked. */
export interface ConfiguredWebhooks {
  senders: WebhookSource[];
  services: ServiceSource[];
}

export interface Finding {
  /** "wrong" must be mended; "hint" works, and could be better. */
  level: "wrong" | "hint";
  /** Stable, for scripts. */
  code:
    | "no_sender"
    | "public_url_http"
    | "receiving_disabled"
    | "url_missing"
    | "other_url"
    | "http"
    | "trailing_slash"
    | "method"
    | "overrides_missing"
    | "called_twice"
    | "fallback_missing"
    | "status_callback";
  /** The sender or Messaging Service that it is about; "account" or "settings" otherwise. */
  source: string;
  /** The field by its name in Twilio's API, or the setting's name. */
  field: string;
  /** What is wrong, and why it matters. */
  problem: string;
  /** The value to set; null when there is not one single right value. */
  set: string | null;
}
