/** The secrets in Vault beside the settings of the functions, by their digests. */
import type { Environment } from "../function_environment.ts";
import { digestOf, type Installation } from "./installation.ts";
import { orWell, type Result, resultsOf } from "./result.ts";

const find = resultsOf("vault");

type Digest = keyof Installation["secrets"];

/** What the database rings a function with. */
interface Pair {
  url: string;
  urlDigest: Digest;
  /** The function's name. */
  path: string;
  key: string;
  keyDigest: Digest;
  /** The function's own name for the key. */
  setting: string;
}

const PAIRS: readonly Pair[] = [
  {
    ...{ url: "orchestrator_url", urlDigest: "orchestratorUrl", path: "orchestrator" },
    ...{ key: "orchestrator_key", keyDigest: "orchestratorKey", setting: "ORCHESTRATOR_KEY" },
  },
  {
    ...{ url: "sync_url", urlDigest: "syncUrl", path: "twilio-sync" },
    ...{ key: "sync_key", keyDigest: "syncKey", setting: "SYNC_KEY" },
  },
  {
    ...{ url: "media_url", urlDigest: "mediaUrl", path: "media" },
    ...{ key: "media_key", keyDigest: "mediaKey", setting: "MEDIA_KEY" },
  },
];

export interface Vault {
  salt: string;
  secrets: Installation["secrets"];
}

/** Compares each key with the setting of its function, and each URL with where that function is. */
export async function checkVault(vault: Vault, environment: Environment): Promise<Result[]> {
  const pairs = await Promise.all(PAIRS.map(async (pair) => [
    ...await checkKey(vault, pair, environment),
    ...await checkUrl(vault, pair, environment),
  ]));
  return orWell(
    [...pairs.flat(), ...checkOthers(vault)],
    "vault",
    "every secret is there, and the same as the functions'",
  );
}

async function checkKey(
  { salt, secrets }: Vault,
  { key, keyDigest, setting }: Pair,
  environment: Environment,
): Promise<Result[]> {
  const stored = secrets[keyDigest];
  if (stored === null) return [isMissing(key, `the value of ${setting}`)];
  const given = [environment[setting], environment[`${setting}_SECONDARY`]].filter(Boolean);
  if (given.length === 0) return [];
  const digests = await Promise.all(given.map((each) => digestOf(salt, each ?? "")));
  if (digests.includes(stored)) return [];
  return [find("wrong", `${key} is not the same as ${setting}`, update(key, `the value of it`))];
}

async function checkUrl(
  { salt, secrets }: Vault,
  { url, urlDigest, path }: Pair,
  environment: Environment,
): Promise<Result[]> {
  const { SUPABASE_URL = "", PUBLIC_FUNCTIONS_URL } = environment;
  const own = `${SUPABASE_URL.replace(/\/+$/, "")}/functions/v1`;
  const stored = secrets[urlDigest];
  if (stored === null) return [isMissing(url, `${own}/${path}`)];
  const bases = [own, PUBLIC_FUNCTIONS_URL?.replace(/\/+$/, "")].filter(Boolean);
  const known = bases.flatMap((base) => [`${base}/${path}`, `${base}/${path}/`]);
  const digests = await Promise.all(known.map((each) => digestOf(salt, each)));
  if (digests.includes(stored)) return [];
  return [find("wrong", `${url} is not ${known[0]}`, update(url, `${own}/${path}`))];
}

function checkOthers({ secrets }: Vault): Result[] {
  return [
    ...(secrets.erasureKey === null
      ? [find(
        "wrong",
        "erasure_key is not in Vault: who was erased is not recognised",
        "put it back from a backup of Vault; a new one recognises nobody who was erased before",
      )]
      : []),
    ...(secrets.alertUrl === null
      ? [find(
        "hint",
        "alert_url is not in Vault: nobody hears of an alert",
        create("alert_url", "https://hooks.slack.com/…"),
      )]
      : []),
  ];
}

function isMissing(name: string, value: string): Result {
  return find("wrong", `${name} is not in Vault`, create(name, value));
}

const create = (name: string, value: string) =>
  `select vault.create_secret('<${value}>', '${name}');`;
const update = (name: string, value: string) =>
  "select vault.update_secret(" +
  `(select id from vault.secrets where name = '${name}'), '<${value}>');`;
