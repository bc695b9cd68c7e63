/** What the API knows of the database, kept current by `notify pgrst`, as PostgREST does. */
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { ApiError } from "./api_error.ts";
import { loadRoleSettings, loadRoutines, type RoleSettings, type Routine } from "./routine.ts";

export interface Schema {
  routines: Routine[];
  roleSettings: RoleSettings;
}

/** Pause before the next attempt to reach a database that is away. */
const RETRY_MS = 200;
/** A call that finds no function reloads the schema, at most this often. */
const RELOAD_ON_MISS_MS = 1000;

export class SchemaCache {
  #url: string;
  #schemas: string[];
  #schema: Schema | undefined;
  #sql: postgres.Sql | undefined;
  #loading: Promise<void> | undefined;
  #stale = false;
  #failure: string | null = null;
  #loadedAt = -Infinity;
  #stopping = new AbortController();
  #listener: Promise<void> | undefined;
  /** Ends the wait on the connection that listens. */
  #end = () => {};

  constructor(url: string, schemas: string[]) {
    this.#url = url;
    this.#schemas = schemas;
  }

  /** Starts listening; resolves after the first attempt to load, whether or not it worked. */
  async start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#listener = this.#listen(resolve);
    await promise;
  }

  /** The schema as last loaded. Throws ApiError PGRST002 (503) as long as it never was. */
  get current(): Schema {
    if (this.#schema) return this.#schema;
    const message = "Could not query the database for the schema cache. Retrying.";
    throw new ApiError(503, "PGRST002", message, { details: this.#failure });
  }

  /** Called when a function was not found: looks again, unless that was done just now. */
  async reloadAfterMiss(): Promise<void> {
    const isFresh = performance.now() - this.#loadedAt < RELOAD_ON_MISS_MS;
    await (this.#loading ?? (isFresh ? undefined : this.#reload()))?.catch(() => this.#end());
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#end();
    await this.#listener;
  }

  /** Holds one connection for as long as it lives; what happened between two is loaded anew. */
  async #listen(attempted: () => void): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const ended = Promise.withResolvers<void>();
      this.#end = ended.resolve;
      const sql = this.#connect(ended.resolve);
      try {
        await sql`listen pgrst`;
        this.#sql = sql;
        await this.#reload();
        attempted();
        await ended.promise;
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error);
        attempted();
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      }
      this.#sql = undefined;
      await sql.end({ timeout: 1 }).catch(() => {});
    }
  }

  #connect(onclose: () => void): postgres.Sql {
    const options = {
      max: 1,
      connect_timeout: 5,
      max_lifetime: null,
      fetch_types: false,
      onnotice: () => {},
      onnotify: () => void this.#reload().catch(onclose),
      onclose,
      // So that types are named with their schema, whatever path a request sets.
      connection: { application_name: "gateway schema cache", search_path: "pg_catalog" },
    };
    return postgres(this.#url, options);
  }

  /** Loads once more after the load under way, when asked meanwhile. */
  async #reload(): Promise<void> {
    this.#stale = true;
    this.#loading ??= this.#loadWhileStale().finally(() => this.#loading = undefined);
    await this.#loading;
  }

  async #loadWhileStale(): Promise<void> {
    while (this.#stale && this.#sql) {
      this.#stale = false;
      const routines = await loadRoutines(this.#sql, this.#schemas);
      this.#schema = { routines, roleSettings: await loadRoleSettings(this.#sql) };
      this.#loadedAt = performance.now();
    }
  }
}
