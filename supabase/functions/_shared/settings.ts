/**
 * Reading settings from the environment: every missing or wrong one is named in one message, and
 * no value is ever repeated in it, since most of them are secrets.
 */
import * as z from "zod";

export type Environment = Record<string, string | undefined>;

/**
 * The settings of a function, read by its schema.
 * Throws an Error that names each setting that is missing or has the wrong form.
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
): z.infer<Schema> {
  const given = Object.entries(environment).filter(([, value]) =>
    value !== undefined && value !== ""
  );
  // Settings are read once: compiling the schemas would cost more than it saves.
  const result = schema.safeParse(Object.fromEntries(given), { jitless: true });
  if (result.success) return result.data;
  const problems = new Set(
    result.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`),
  );
  throw new Error(`Cannot start: ${[...problems].join("; ")}`);
}

/** A setting without which the function does not start. */
export const required = (form = "text"): z.ZodString => z.string(`is missing (${form})`);

/** An absolute http(s) URL, without the slash at its end. */
export const httpUrl = z.string("is missing (URL)")
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), "is no http(s) URL")
  .transform((text) => text.replace(/\/+$/, ""));

const secretKeys = z.string().transform((text, context) => {
  const keys = z.record(z.string(), z.string().min(1)).safeParse(parseJson(text));
  if (keys.success && Object.keys(keys.data).length > 0) return keys.data;
  context.addIssue({ code: "custom", message: "is no JSON object of keys by name" });
  return z.NEVER;
});

/**
 * The keys that a function's callers may show: `<NAME>`, and during a rotation
 * `<NAME>_SECONDARY` as well.
 */
export function callerKeys<Name extends string>(name: Name): z.ZodType<{ callerKeys: string[] }> {
  const keys = z.object({
    [name]: required("a key"),
    [`${name}_SECONDARY`]: z.string().optional(),
  });
  return keys.transform((settings) => ({
    callerKeys: Object.values(settings).filter((key) => key !== undefined),
  }));
}

const SupabaseKeys = z.object({
  SUPABASE_SECRET_KEYS: secretKeys.optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().optional(),
}).refine(
  (settings) => settings.SUPABASE_SECRET_KEYS ?? settings.SUPABASE_SERVICE_ROLE_KEY,
  { path: ["SUPABASE_SECRET_KEYS"], message: "is missing (JSON object of keys by name)" },
).transform((settings) => ({
  // The newer form first: https://supabase.com/docs/guides/functions/secrets
  supabaseKey: settings.SUPABASE_SECRET_KEYS?.["default"] ??
    Object.values(settings.SUPABASE_SECRET_KEYS ?? {})[0] ??
    settings.SUPABASE_SERVICE_ROLE_KEY ?? "",
}));

/** How a function reaches its database; the platform sets these. */
export const SupabaseSettings = z.intersection(
  z.object({ SUPABASE_URL: httpUrl })
    .transform((settings) => ({ supabaseUrl: settings.SUPABASE_URL })),
  // Apart, since a refinement is skipped when anything else in its object is wrong.
  SupabaseKeys,
);

/** Who we are at Twilio, and where Twilio finds us. */
export const TwilioSettings = z.object({
  SUPABASE_URL: httpUrl,
  PUBLIC_FUNCTIONS_URL: httpUrl.optional(),
  TWILIO_ACCOUNT_SID: required("AC and 32 hex digits").regex(
    /^AC[0-9a-fA-F]{32}$/,
    "is not AC and 32 hex digits",
  ),
  TWILIO_AUTH_TOKEN: required().regex(/^[\x21-\x7e]+$/, "has characters that no token has"),
  TWILIO_AUTH_TOKEN_SECONDARY: z.string().optional(),
  TWILIO_API_URL: httpUrl.default("https://api.twilio.com"),
}).transform((settings) => ({
  // A function cannot see its own public URL: the platform shows it an internal one.
  publicFunctionsUrl: settings.PUBLIC_FUNCTIONS_URL ?? `${settings.SUPABASE_URL}/functions/v1`,
  twilioAccountSid: settings.TWILIO_ACCOUNT_SID,
  twilioAuthToken: settings.TWILIO_AUTH_TOKEN,
  twilioAuthTokens: [settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_SECONDARY]
    .filter((token) => token !== undefined),
  twilioApiUrl: settings.TWILIO_API_URL,
}));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
