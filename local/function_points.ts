/**
 * The points at which a function can be stopped: each lies before or after one of its requests, so
 * that the function itself needs no test code. Runs in the function's process too (Deno 2.1.4).
 */

/** A point that waits for the function to come by. */
export interface Arming {
  point: string;
  /** How long the function stands still there, in milliseconds; null: it is killed. */
  ms: number | null;
  /** How many times it still strikes. */
  times: number;
}

export interface Point {
  when: "before" | "after";
  method: string;
  path: RegExp;
  /** What the answer must be for the point to count as reached. */
  reachedBy?: (response: Response) => boolean | Promise<boolean>;
}

const TWILIO_MESSAGES = /\/Accounts\/[^/]+\/Messages\.json$/;

const STORED_OBJECT = /\/storage\/v1\/object\//;

/** Of each function, its points in the order in which it passes them. */
export const POINTS: Record<string, Record<string, Point>> = {
  "twilio-webhook": {
    before_ingest: beforeRpc("ingest_inbound_message"),
    after_commit: afterRpc("ingest_inbound_message"),
  },
  orchestrator: {
    after_claim: { ...afterRpc("claim_turn"), reachedBy: isClaimed },
    after_model: { when: "after", method: "POST", path: /\/responses$/ },
    after_code: afterRpc("begin_verification"),
    after_begin: afterRpc("begin_tool_call"),
    after_effect: afterRpc("demo_bank_block_card"),
    after_finish: afterRpc("finish_tool_call"),
    after_complete: afterRpc("complete_turn"),
    before_post: { when: "before", method: "POST", path: TWILIO_MESSAGES },
    after_post: { when: "after", method: "POST", path: TWILIO_MESSAGES },
    after_record: afterRpc("record_send"),
  },
  "twilio-sync": {
    after_list: { when: "after", method: "GET", path: TWILIO_MESSAGES },
    before_recover: beforeRpc("ingest_inbound_message"),
    after_recover: afterRpc("ingest_inbound_message"),
    before_settle: beforeRpc("settle_send"),
    after_settle: afterRpc("settle_send"),
  },
  media: {
    after_claim: afterRpc("claim_media"),
    before_store: { when: "before", method: "POST", path: STORED_OBJECT },
    after_store: { when: "after", method: "POST", path: STORED_OBJECT },
    after_record: afterRpc("record_media"),
  },
};

/** Whether this request lies at the point. */
export function liesAt({ method, path }: Point, request: { method: string; url: string }): boolean {
  return request.method === method && path.test(new URL(request.url).pathname);
}

function beforeRpc(name: string): Point {
  return { when: "before", method: "POST", path: new RegExp(`/rest/v1/rpc/${name}$`) };
}

/** The transaction is committed: an answer that is an error has changed nothing. */
function afterRpc(name: string): Point {
  return { ...beforeRpc(name), when: "after", reachedBy: (response) => response.ok };
}

async function isClaimed(response: Response): Promise<boolean> {
  if (!response.ok) return false;
  const answer = await response.clone().json();
  return answer?.outcome === "claimed";
}
