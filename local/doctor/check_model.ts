/** Whether the model's server takes our key and knows our model. Nothing is generated, or paid for. */
import { z } from "zod";
import { ask } from "./ask.ts";
import { type Result, resultsOf } from "./result.ts";

const find = resultsOf("model");
const OPENAI = "https://api.openai.com/v1";

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

export interface ModelAccess {
  /** As AGENTS names them; empty for the default. */
  agents: readonly string[];
  openai: { apiKey: string | null; baseUrl?: string | undefined; model: string };
}

/** Asks for the model by its name; a server that has no such route is asked for its list. */
export async function checkModel({ agents, openai }: ModelAccess): Promise<Result[]> {
  const { apiKey, model } = openai;
  const isAsked = agents.includes("openai") || agents.length === 0 && apiKey;
  if (!isAsked) return [find("ok", "no model is asked: the agent is rules")];
  if (!apiKey) {
    const todo = "set OPENAI_API_KEY, or take openai out of AGENTS";
    return [find("wrong", "AGENTS names openai, and OPENAI_API_KEY is missing", todo)];
  }
  const baseUrl = openai.baseUrl || OPENAI;
  const headers = { authorization: `Bearer ${apiKey}` };
  const one = await ask(`${baseUrl}/models/${encodeURIComponent(model)}`, { headers });
  if (!one) return [find("unasked", `${baseUrl} does not answer`)];
  if (one.status === 200) return [find("ok", `${baseUrl} has ${model}, and takes the key`)];
  if (one.status === 401 || one.status === 403) {
    const todo = "set OPENAI_API_KEY to a key that is valid there and may use this model";
    return [find("wrong", `${baseUrl} does not take OPENAI_API_KEY (${one.status})`, todo)];
  }
  if (one.status !== 404) return [find("unasked", `${baseUrl} answers ${one.status}`)];
  const list = await ask(`${baseUrl}/models`, { headers });
  return [judgeList(list?.text ?? "", { baseUrl, model })];
}

function judgeList(text: string, { baseUrl, model }: { baseUrl: string; model: string }): Result {
  const todo = "set OPENAI_MODEL to the name of one that it has";
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    list = undefined;
  }
  const known = ModelList.safeParse(list);
  if (!known.success) {
    return find("hint", `${baseUrl} does not tell whether it has ${model}`, todo);
  }
  const isThere = known.data.data.some(({ id }) => id === model);
  return isThere
    ? find("ok", `${baseUrl} has ${model}, and takes the key`)
    : find("wrong", `${baseUrl} has no model ${model}`, todo);
}
