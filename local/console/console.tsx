/** The console: its pages, its streams and what its forms do, all behind the guard. */
import { type Context, Hono } from "hono";
import { DatabaseError } from "../../supabase/functions/_shared/errors.ts";
import { type Act, ActError, type Fields } from "./act.ts";
import { assetRoutes } from "./assets.ts";
import type { ConsoleDeps, Query } from "./deps.ts";
import { guard } from "./guard.ts";
import { type Live, streamFragments } from "./live.ts";
import { liveOperator, OperatorPage } from "./operator/operator_page.tsx";
import { operatorActs } from "./operator/operator_acts.ts";
import { Operator } from "./operator/operator.ts";
import { stageActs } from "./stage/stage_acts.ts";
import { liveStage, StagePage } from "./stage/stage_page.tsx";

/** Serves `/` and `/console/…`, to be mounted at the root of whatever else is served there. */
export function createConsole(deps: ConsoleDeps): Hono {
  const { stage } = deps;
  const operator = new Operator(deps.records);
  const acts = { ...operatorActs(deps, operator), ...(stage && stageActs(deps, stage)) };
  const app = new Hono();
  app.use("/console/*", guard(deps.token));
  app.get("/", guard(deps.token), (context) => {
    const query = queryOf(context);
    if (stage) return page(context, <StagePage deps={deps} stage={stage} query={query} />);
    return page(context, <OperatorPage deps={deps} query={query} />);
  });
  app.get(
    "/console/operator",
    (context) => page(context, <OperatorPage deps={deps} query={queryOf(context)} />),
  );
  app.get("/console/events", (context) => {
    const { view, ...query } = queryOf(context);
    const live: Live = stage && view === "stage"
      ? liveStage(deps, stage, query)
      : liveOperator(deps, operator, query);
    return streamFragments(context, live);
  });
  app.post("/console/do/:act", (context) => perform(context, acts[context.req.param("act")]));
  app.get("/console/media/:sid/:index", (context) => picture(context, deps));
  app.route("/console", assetRoutes());
  app.notFound((context) => context.text("Not found", 404));
  return app;
}

function queryOf(context: Context): Query {
  const { token: _, ...query } = context.req.query();
  return query;
}

async function page(context: Context, document: unknown) {
  return context.html(`<!doctype html>${await document}`);
}

/** 200 with what to say or where to go; 409 with the reason when it was refused. */
async function perform(context: Context, act: Act | undefined) {
  if (!act) return context.json({ notice: "There is no such act" }, 404);
  try {
    return context.json(await act(await context.req.parseBody() as Fields));
  } catch (error) {
    const isExpected = error instanceof ActError || error instanceof DatabaseError;
    const notice = error instanceof Error ? error.message : String(error);
    return context.json({ notice }, isExpected ? 409 : 500);
  }
}

/** A picture that a simulated customer sent; nothing else is shown from our own origin. */
function picture(context: Context, { stage }: ConsoleDeps) {
  const message = stage?.twilio.messages.get(context.req.param("sid") ?? "");
  const media = message?.media[Number(context.req.param("index"))];
  if (!media || !/^image\/(png|jpeg|webp|gif)$/.test(media.contentType)) {
    return context.text("Not found", 404);
  }
  return context.body(media.content, 200, { "Content-Type": media.contentType });
}
