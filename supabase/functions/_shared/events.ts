/**
 * Everything that the functions ever report. Ids, codes, counts and times only: no text of a
 * customer, no address, no secret has a place in any of these.
 */

export type Event =
  | { event: "request.refused"; code: string }
  | { event: "webhook.rejected"; rejectedWebhookId: string; reason: string; isNew: boolean }
  | { event: "webhook.replayed" }
  | { event: "webhook.failed"; code: string; messageSid: string }
  | {
    event: "message.received";
    conversationId: string;
    messageId: string;
    isNew: boolean;
    ms: number;
  }
  | { event: "status.received"; messageSid: string; deliveryStatus: string; outcome: string }
  | { event: "send.settled"; messageId: string; outcome: string; attempt: number }
  | { event: "sync.failed"; code: string }
  | { event: "message.recovered"; messageId: string; messageSid: string }
  | {
    event: "sync.ended";
    messagesRecovered: number;
    messagesRejected: number;
    messagesTakenOver: number;
    statusesRefreshed: number;
    isComplete: boolean;
  }
  | {
    event: "media.fetched";
    mediaId: string;
    outcome: string;
    attempt: number;
    code: string | null;
  }
  | {
    event: "media.deleted";
    deletionId: string;
    outcome: string;
    attempt: number;
    code: string | null;
  }
  | { event: "media.failed"; code: string }
  | { event: "turn.claimed"; conversationId: string; turnId: string; attempt: number }
  | { event: "turn.answered"; turnId: string; outcome: string; agent: string; ms: number }
  | { event: "turn.failed"; turnId: string; outcome: string; agent: string; code: string }
  | { event: "reply.sent"; messageId: string; messageSid: string; attempt: number; ms: number }
  | { event: "reply.not_sent"; messageId: string; outcome: string; attempt: number; code: string }
  | { event: "conversation.failed"; conversationId: string; code: string };

export type Report = (event: Event) => void;

/** A reporter that prints each event as one line of JSON with its time. */
export function createReport(print: (line: string) => void, now = () => new Date()): Report {
  return (event) => print(JSON.stringify({ at: now().toISOString(), ...event }));
}
