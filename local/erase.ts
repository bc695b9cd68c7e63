/**
 * `deno task erase`: removes the personal data of one customer, for good. Exit code 1 when it was
 * not done or not all of it, 2 when the database could not be asked.
 */
import { connect, findCustomer } from "./customer_data/connect.ts";
import { countCustomerData, eraseCustomer, type EraseEnd } from "./customer_data/erase.ts";
import { readArguments } from "./customer_data/task.ts";
import { runTask, say } from "./run_task.ts";

/** The lease of a file that is being fetched ends within 90 s. Milliseconds. */
const FILES_WITHIN_MS = 150_000;

const SAID: Record<EraseEnd, string> = {
  erased: "Erased",
  files_remain: "Erased, but Storage has not deleted all files yet: it is asked again until it has",
  in_flight:
    "Nothing was erased: a message is on its way, or in doubt. Try again when it is settled",
  not_found: "Nobody has this id",
};

await runTask(async () => {
  const { values, given, basePort } = await readArguments({ yes: { type: "boolean" } });
  const call = connect(given, { projectUrl: values.url, basePort });
  const customerId = await findCustomer(call, values);
  if (!customerId) {
    say("Nobody has this address");
    return 1;
  }
  const kept = await countCustomerData(call, customerId);
  const lines = Object.entries(kept).map(([name, number]) => `  ${number} ${wordsOf(name)}`);
  say([`Of customer ${customerId} there are`, ...lines].join("\n"));
  if (!values["yes"] && prompt("Erase them for good? Type yes:") !== "yes") {
    say("Nothing was erased");
    return 1;
  }
  const end = await eraseCustomer(call, customerId, {
    filesWithinMs: FILES_WITHIN_MS,
    progress: say,
    now: () => performance.now(),
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
  say(SAID[end]);
  return end === "erased" ? 0 : 1;
});

function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
