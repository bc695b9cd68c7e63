/** Runs pgTAP files in a database of their own, under one state of the default privileges. */
import { join } from "node:path";
import type { DefaultPrivileges } from "../../local/bootstrap.ts";
import { copyTemplate, createTemplate } from "../support/migrated_cluster.ts";
import { preparePgTap, runPgTap } from "../support/pgtap.ts";
import { type Job, line } from "./job.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** `files` as seen from the root of the repository. */
export function sqlJob(files: string[], rights: DefaultPrivileges): Job {
  return {
    async run({ port, interrupted }) {
      if (rights === "older") await createTemplate(port, rights);
      await using database = await copyTemplate(port, rights);
      await preparePgTap(database.url());
      const lines = [`\nDefault privileges: ${rights}`];
      const paths = files.map((file) => join(ROOT, file));
      const counts = await runPgTap(database.url(), paths, (file, result) => {
        lines.push(line(file, result), ...result.problems.map(indented));
      }, interrupted);
      return { counts, text: lines.join("\n") };
    },
  };
}

function indented(problem: string): string {
  return `  ${problem.replaceAll("\n", "\n  ")}`;
}
