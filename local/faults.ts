/**
 * The faults of the local stack beyond Twilio's, as targets of `POST /simulator/faults`: the model,
 * pg_net, the database, the processes of the functions.
 */
import { type Arming, POINTS } from "./function_points.ts";
import type { FunctionHosts } from "./functions.ts";
import type { PostgresHandle } from "./managed_postgres.ts";
import type { OpenAISimulator } from "./openai_simulator.ts";
import type { PgNetSwitch } from "./pg_net_switch.ts";
import type { Faults } from "./twilio_simulator/faults.ts";

export interface Breakable {
  openai: OpenAISimulator;
  pgNet: PgNetSwitch;
  functions: FunctionHosts;
  /** Absent: the database belongs to somebody else, and there is no such target. */
  postgres: PostgresHandle | undefined;
  /** Told what went wrong in the background. */
  report: (name: string, error: unknown) => void;
}

/** A process boots within this time, or something else is wrong. */
const BOOT_TIMEOUT_MS = 10_000;

/** Adds a target for each part that can break. The database first: clearing starts with it. */
export function registerFaults(faults: Faults, parts: Breakable): void {
  if (parts.postgres) registerDatabase(faults, parts.postgres, parts.report);
  registerPgNet(faults, parts.pgNet);
  registerModel(faults, parts.openai);
  for (const name of parts.functions.names) registerFunction(faults, name, parts.functions);
}

/** A database that was killed comes back by itself, one that was stopped stays away. */
function registerDatabase(
  faults: Faults,
  postgres: PostgresHandle,
  report: Breakable["report"],
) {
  let isStopped = false;
  const start = async () => {
    await postgres.start();
    isStopped = false;
  };
  const stop = async () => {
    isStopped = true;
    await postgres.stop();
  };
  const kill = async (times: number) => {
    if (isStopped) throw new Error("Cannot kill the database: it is stopped");
    for (let time = 1; time <= times; time++) {
      await postgres.start();
      await postgres.kill();
    }
    void postgres.start().catch((error) => report("database", error));
  };
  faults.register("database", ["kill", "stop", "start"], async (mode, times) => {
    if (mode === "kill") await kill(times);
    else if (mode === "start" || times === 0) await start();
    else await stop();
  }, {
    active: () => isStopped ? [{ mode: "stop", times: 1 }] : [],
    clear: start,
  });
}

function registerPgNet(faults: Faults, pgNet: PgNetSwitch) {
  faults.register("pg_net", ["lose_queue", "down", "up"], async (mode, times) => {
    if (mode === "up" || (mode === "down" && times === 0)) await pgNet.up();
    else if (mode === "down") await pgNet.down();
    else if (times > 0) await pgNet.loseQueue();
  }, {
    active: () => pgNet.isDown ? [{ mode: "down", times: 1 }] : [],
    clear: () => pgNet.up(),
  });
}

/** The model has one fault at a time: a new one takes the place of the old. */
function registerModel(faults: Faults, openai: OpenAISimulator) {
  const active = () => {
    const { active } = openai.faults();
    return active ? [{ mode: active.mode, times: active.remaining }] : [];
  };
  faults.register("openai", openai.faults().modes, (mode, times) => {
    if (times > 0) openai.setFault(mode, times);
    else if (active()[0]?.mode === mode) openai.clearFaults();
  }, { active, clear: () => openai.clearFaults() });
}

function registerFunction(faults: Faults, name: string, functions: FunctionHosts) {
  const points = Object.keys(POINTS[name] ?? {});
  const modes = [
    "kill",
    ...points.map((point) => `kill_at:${point}`),
    ...points.map((point) => `hang_at:${point}:<ms>`),
  ];
  faults.register(`function:${name}`, modes, async (mode, times) => {
    if (mode !== "kill") {
      await functions.arm(name, rearmed(functions.armed(name), mode, times));
      return;
    }
    for (let time = 1; time <= times; time++) {
      await functions.untilUp(name, BOOT_TIMEOUT_MS);
      await functions.kill(name);
    }
  }, {
    active: () => functions.armed(name).map(({ times, ...at }) => ({ mode: modeOf(at), times })),
    clear: () => functions.arm(name, []),
  });
}

/** Pressing the same mode again adds to it; zero times takes it back. */
function rearmed(armed: Arming[], mode: string, times: number): Arming[] {
  const [kind, point = "", ms] = mode.split(":");
  const wanted = { point, ms: kind === "kill_at" ? null : Number(ms) };
  const before = armed.find((each) => modeOf(each) === modeOf(wanted));
  const others = armed.filter((each) => each !== before);
  if (times === 0) return others;
  return [...others, { ...wanted, times: times + (before?.times ?? 0) }];
}

function modeOf({ point, ms }: Omit<Arming, "times">): string {
  return ms === null ? `kill_at:${point}` : `hang_at:${point}:${ms}`;
}
