/** Calling the RPC functions of Supabase: each call is one transaction. */
import { PostgrestClient } from "@supabase/postgrest-js";
import type * as z from "zod";
import type { Database as Schema } from "./database.types.ts";
import { DatabaseError } from "./errors.ts";

export interface SupabaseOptions {
  supabaseUrl: string;
  /** A secret key: the RPC functions are granted to `service_role` alone. */
  supabaseKey: string;
  /** The longest that one call may take, in milliseconds. */
  timeoutMs: number;
}

type Functions = Schema["public"]["Functions"];

/** What one RPC function answers, by its name. */
export type Call = <Name extends keyof Functions & string, Result>(
  name: Name,
  result: z.ZodType<Result>,
  parameters: Functions[Name]["Args"],
) => Promise<Result>;

/** Calls RPC functions; what they answer is parsed, and what goes wrong is a `DatabaseError`. */
export function createCaller({ supabaseUrl, supabaseKey, timeoutMs }: SupabaseOptions): Call {
  // The part of supabase-js that calls functions: the whole of it takes five times as long to load,
  // and every cold start of a webhook would wait for sign-in, storage and live updates.
  const client = new PostgrestClient<Schema>(`${supabaseUrl}/rest/v1`, {
    headers: { apikey: supabaseKey, authorization: `Bearer ${supabaseKey}` },
  });
  return async function call<Name extends keyof Functions & string, Result>(
    name: Name,
    result: z.ZodType<Result>,
    parameters: Functions[Name]["Args"],
  ): Promise<Result> {
    const { data, error, status } = await client.rpc(name, parameters as never)
      .abortSignal(AbortSignal.timeout(timeoutMs));
    if (error) throw new DatabaseError(name, error.code || "unreachable", status);
    const parsed = result.safeParse(toCamelCase(data));
    if (!parsed.success) throw new DatabaseError(name, "unexpected_result", status);
    return parsed.data;
  };
}

/** SQL's words in the form of TypeScript's: `turn_id` becomes `turnId`, at every depth. */
function toCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCamelCase);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      toCamelCase(item),
    ]),
  );
}
