/**
 * `deno task export`: writes all that is kept of one customer into a file, a row of JSON each. Exit
 * code 1 when nobody has the address, 2 when the database could not be asked.
 */
import { connect, findCustomer } from "./customer_data/connect.ts";
import { exportCustomer } from "./customer_data/export.ts";
import { readArguments } from "./customer_data/task.ts";
import { runTask, say } from "./run_task.ts";

await runTask(async () => {
  const { values, given, basePort } = await readArguments({ out: { type: "string" } });
  const out = values["out"];
  if (!out) throw new Error("Cannot tell where to write: give --out FILE");
  const call = connect(given, { projectUrl: values["url"], basePort });
  const customerId = await findCustomer(call, values);
  if (!customerId) {
    say("Nobody has this address");
    return 1;
  }
  // Personal data: for nobody but its owner, and never in place of something else.
  const file = await Deno.open(out, { write: true, createNew: true, mode: 0o600 });
  const writer = file.writable.getWriter();
  let count = 0;
  for await (const row of exportCustomer(call, customerId)) {
    await writer.write(new TextEncoder().encode(`${row}\n`));
    count++;
  }
  await writer.close();
  say(`${count} rows are in ${out}`);
  return 0;
});
