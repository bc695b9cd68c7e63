/** What a form of the console may ask for, and what the page is told when it is done. */
import { z } from "zod";

/** The fields of a form; a file stays a file. */
export type Fields = Readonly<Record<string, string | File>>;

export interface Done {
  /** Said to the operator; nothing where the page itself shows it. */
  notice?: string;
  /** Where the page goes, as a path with a query. */
  visit?: string;
}

export type Act = (fields: Fields) => Promise<Done> | Done;

/** What the operator did wrong, or the database refused: said, and nothing else happens. */
export class ActError extends Error {
  override readonly name = "ActError";
}

/** Reads the fields by a schema. Throws an `ActError` that names the first wrong one. */
export function read<Result>(schema: z.ZodType<Result>, fields: Fields): Result {
  const parsed = schema.safeParse(fields);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0] as z.core.$ZodIssue;
  throw new ActError(`${path.join(".")}: ${message}`);
}
