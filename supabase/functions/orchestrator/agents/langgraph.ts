/**
 * The agent that runs a LangGraph workflow: the graph of `langgraph/graph.ts`, or one that a team
 * puts in its place. Loaded with the first reply, so that who does not choose it pays nothing.
 */
import { type Agent, type AgentContext, Reply } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import type { AnswerBook } from "./answer_book.ts";
import type { Model } from "./model.ts";

/** What a graph is built with. */
export interface GraphDeps {
  /** null without OPENAI_API_KEY: a graph may have a model of its own, or none. */
  model: Model | null;
  answers: AnswerBook;
}

/** A compiled graph whose state has `context`, which it is given, and `reply`, which it sets. */
export interface ReplyGraph {
  invoke(
    state: { context: AgentContext },
    options: { signal: AbortSignal },
  ): Promise<{ reply?: unknown }>;
}

type LoadGraph = (deps: GraphDeps) => Promise<ReplyGraph>;

/** Makes the agent "langgraph". */
export function createLangGraphAgent(deps: GraphDeps, load: LoadGraph = loadGraph): Agent {
  let loading: Promise<ReplyGraph> | undefined;
  return {
    name: "langgraph",
    async reply(context) {
      keepLangSmithAtHome();
      const graph = await (loading ??= load(deps));
      const { reply } = await graph.invoke({ context }, { signal: context.signal })
        .catch((cause: unknown) => {
          if (cause instanceof AgentError) throw cause;
          throw new AgentError("workflow_failed", "Cannot finish the workflow: a node threw", {
            cause,
          });
        });
      const checked = Reply.safeParse(reply);
      if (checked.success) return checked.data;
      throw new AgentError("workflow_failed", "Cannot send the workflow's reply: it is none");
    },
  };
}

/**
 * LangChain brings LangSmith along, which looks for its settings in a home directory: a function has
 * none, and may not ask. Told of an empty file it does not look.
 */
function keepLangSmithAtHome(): void {
  try {
    if (!Deno.env.get("LANGSMITH_CONFIG_FILE")) Deno.env.set("LANGSMITH_CONFIG_FILE", "/dev/null");
  } catch {
    // Where the environment cannot be changed, it looks and finds nothing.
  }
}

async function loadGraph(deps: GraphDeps): Promise<ReplyGraph> {
  const { createGraph } = await import("./langgraph/graph.ts");
  return createGraph(deps);
}
