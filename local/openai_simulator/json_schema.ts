/** The JSON Schema of structured outputs: what the API accepts, and an object that matches. */
import { z } from "zod";
import { ApiError } from "./api_error.ts";

/** As much of JSON Schema as strict structured outputs allow and the simulator reads. */
export interface JsonSchema {
  type?: string | string[] | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: unknown;
  items?: JsonSchema | undefined;
  anyOf?: JsonSchema[] | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  minimum?: number | undefined;
  $ref?: string | undefined;
  $defs?: Record<string, JsonSchema> | undefined;
  definitions?: Record<string, JsonSchema> | undefined;
}

export const JsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), JsonSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.unknown().optional(),
    items: JsonSchema.optional(),
    anyOf: z.array(JsonSchema).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    minimum: z.number().optional(),
    $ref: z.string().optional(),
    $defs: z.record(z.string(), JsonSchema).optional(),
    definitions: z.record(z.string(), JsonSchema).optional(),
  })
);

/** Throws `ApiError` 400 for what the API refuses in strict mode: open objects, optional keys. */
export function checkStrictSchema(schema: JsonSchema): void {
  const { properties, required = [], additionalProperties } = schema;
  if (schema.type === "object") {
    if (additionalProperties !== false) {
      throw refused("'additionalProperties' is required to be supplied and to be false.");
    }
    const missing = Object.keys(properties ?? {}).find((key) => !required.includes(key));
    if (missing !== undefined) throw refused(`'required' misses '${missing}'.`);
  }
  const children = [
    ...Object.values({ ...properties, ...schema.$defs, ...schema.definitions }),
    ...(schema.anyOf ?? []),
    ...(schema.items ? [schema.items] : []),
  ];
  children.forEach(checkStrictSchema);
}

/**
 * A value that matches `schema`. A property whose name is in `hints` gets that value where the
 * schema allows it, any other text gets `hints.reply`, the rest the simplest that is valid.
 */
export function fillSchema(
  schema: JsonSchema,
  hints: Record<string, unknown>,
  name = "",
  root: JsonSchema = schema,
): unknown {
  if (schema.$ref) return fillSchema(resolve(schema.$ref, root), hints, name, root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.includes(hints[name]) ? hints[name] : schema.enum[0];
  if (schema.anyOf?.[0]) return fillSchema(schema.anyOf[0], hints, name, root);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object") {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .map(([key, child]) => [key, fillSchema(child, hints, key, root)]),
    );
  }
  if (type === "array") return [];
  if (type === "string") return typeof hints[name] === "string" ? hints[name] : hints["reply"];
  if (type === "boolean") return hints[name] === true;
  if (type === "number" || type === "integer") {
    return typeof hints[name] === "number" ? hints[name] : schema.minimum ?? 0;
  }
  return null;
}

function resolve(reference: string, root: JsonSchema): JsonSchema {
  const name = reference.split("/").at(-1) ?? "";
  const found = reference === "#" ? root : root.$defs?.[name] ?? root.definitions?.[name];
  if (!found) throw refused(`reference '${reference}' leads nowhere.`);
  return found;
}

function refused(reason: string): ApiError {
  return new ApiError(400, "invalid_json_schema", `Invalid schema for response_format: ${reason}`, {
    param: "text.format.schema",
  });
}
