/** What the console needs; the stage is there only where simulators are. */
import type { Records } from "./records.ts";
import type { Stage } from "./stage/stage.ts";

export interface ConsoleDeps {
  /** The secret of the printed URL. */
  token: string;
  records: Records;
  /** The project that the operator works on, as a person reads it. */
  projectName: string;
  /** Absent against a hosted project: then there is the operator's view alone. */
  stage?: Stage;
}

/** What a page was asked for: the query of its URL, the token left out. */
export type Query = Readonly<Record<string, string>>;
