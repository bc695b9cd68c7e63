/**
 * A stand-in for Supabase Storage, as far as one private bucket needs it: an object is uploaded, read
 * and removed with the secret key at `/storage/v1/object/<bucket>/<path>`, and by nobody else.
 */
import { join } from "node:path";
import { z } from "zod";
import { ApiError } from "./api_error.ts";
import { identify, type Keys } from "./identity.ts";

/** As the bucket's limit in `config.toml`. Bytes. */
const MAXIMUM_BYTES = 16 * 1024 * 1024;

const Removal = z.object({ prefixes: z.array(z.string()).max(1000) });

interface StoredObject {
  bytes: Uint8Array<ArrayBuffer>;
  contentType: string;
}

/** Where the objects are. */
export interface ObjectStore {
  put(path: string, object: StoredObject): Promise<void>;
  get(path: string): Promise<StoredObject | undefined>;
  /** Whether there was one. */
  remove(path: string): Promise<boolean>;
}

/** Objects that are gone when the process ends. */
export function objectsInMemory(): ObjectStore {
  const objects = new Map<string, StoredObject>();
  return {
    put: (path, object) => Promise.resolve(void objects.set(path, object)),
    get: (path) => Promise.resolve(objects.get(path)),
    remove: (path) => Promise.resolve(objects.delete(path)),
  };
}

/** Objects as files of one folder, each with its content type in a second file beside it. */
export function objectsInFolder(folder: string): ObjectStore {
  // Encoded, a path is one name, and leads nowhere else.
  const fileOf = (path: string) => join(folder, encodeURIComponent(path));
  return {
    async put(path, { bytes, contentType }) {
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(`${fileOf(path)}.type`, contentType);
      await Deno.writeFile(fileOf(path), bytes);
    },
    async get(path) {
      try {
        const contentType = await Deno.readTextFile(`${fileOf(path)}.type`);
        return { bytes: await Deno.readFile(fileOf(path)), contentType };
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
    async remove(path) {
      const removals = [fileOf(path), `${fileOf(path)}.type`].map((file) => removeFile(file));
      return (await Promise.all(removals)).includes(true);
    },
  };
}

async function removeFile(file: string): Promise<boolean> {
  try {
    await Deno.remove(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Answers a request below `/storage/v1`; `path` is the rest of its path. */
export async function answerStorage(
  request: Request,
  [area, bucket, ...name]: string[],
  { keys, objects }: { keys: Keys; objects: ObjectStore },
): Promise<Response> {
  if (area !== "object" || !bucket) return refusal(404, "not_found");
  if (!isServiceRole(request, keys)) return refusal(403, "Unauthorized");
  if (name.length === 0) return await removeAll(request, bucket, objects);
  const path = [bucket, ...name].join("/");
  if (request.method === "GET") return await download(path, objects);
  if (request.method === "POST" || request.method === "PUT") {
    return await upload(request, path, objects);
  }
  return refusal(405, "method_not_allowed");
}

async function upload(request: Request, path: string, objects: ObjectStore): Promise<Response> {
  const mayReplace = request.method === "PUT" || request.headers.get("x-upsert") === "true";
  if (!mayReplace && await objects.get(path)) return refusal(409, "Duplicate");
  const bytes = await request.bytes();
  if (bytes.length > MAXIMUM_BYTES) return refusal(413, "Payload too large");
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  await objects.put(path, { bytes, contentType });
  return Response.json({ Id: crypto.randomUUID(), Key: path });
}

/** `DELETE` of a bucket names the objects; the answer lists those that were there. */
async function removeAll(
  request: Request,
  bucket: string,
  objects: ObjectStore,
): Promise<Response> {
  if (request.method !== "DELETE") return refusal(405, "method_not_allowed");
  const given = Removal.safeParse(await request.json().catch(() => undefined));
  if (!given.success) return refusal(400, "prefixes_missing");
  const removed = [];
  for (const name of given.data.prefixes) {
    if (await objects.remove(`${bucket}/${name}`)) removed.push({ name, bucket_id: bucket });
  }
  return Response.json(removed);
}

async function download(path: string, objects: ObjectStore): Promise<Response> {
  const found = await objects.get(path);
  if (!found) return refusal(404, "not_found");
  return new Response(found.bytes, { headers: { "content-type": found.contentType } });
}

function isServiceRole(request: Request, keys: Keys): boolean {
  try {
    return identify(request.headers, keys).role === "service_role";
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

/** Storage answers most refusals with 400 and says the status inside. */
function refusal(status: number, error: string): Response {
  const body = { statusCode: String(status), error, message: error };
  return Response.json(body, { status: status === 413 ? 413 : 400 });
}
