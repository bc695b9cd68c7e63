/** The console of the local stack, on the port of the Twilio simulator, whose routes stay as they are. */
import { connect } from "../customer_data/connect.ts";
import { Stage, type StageParts } from "./stage/stage.ts";
import { createConsole } from "./console.tsx";
import { newToken } from "./token.ts";
import { createRecords } from "./records.ts";

export interface StageConsoleParts extends StageParts {
  /** Where the RPC functions are. */
  gatewayUrl: string;
  /** The secret key for them, as JSON by name. */
  secretKeys: string;
}

/** Adds the console's routes to the simulator's; gives the URL with the token. */
export function mountConsole({ gatewayUrl, secretKeys, ...parts }: StageConsoleParts): string {
  const token = newToken();
  const given = { SUPABASE_SECRET_KEYS: secretKeys };
  parts.twilio.route(createConsole({
    token,
    records: createRecords(connect(given, { projectUrl: gatewayUrl })),
    projectName: "local stack",
    stage: new Stage(parts),
  }));
  return `${parts.twilio.url}/?token=${token}`;
}
