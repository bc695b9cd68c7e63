/** Reads the results that `deno test --junit-path` writes. */
import type { Counts } from "../support/pgtap.ts";

export interface Suite {
  /** Where the tests stand, as seen from the root of the repository. */
  file: string;
  counts: Counts;
}

export function readJunit(xml: string): Suite[] {
  return [...xml.matchAll(/<testsuite [^>]*>/g)].map(([tag]) => {
    const number = (name: string) => Number(attribute(tag, name) ?? 0);
    const failed = number("failures") + number("errors");
    const skipped = number("disabled");
    return {
      file: (attribute(tag, "name") ?? "").replace(/^\.\//, ""),
      counts: { passed: number("tests") - failed - skipped, failed, skipped },
    };
  });
}

function attribute(tag: string, name: string): string | undefined {
  return tag.match(new RegExp(` ${name}="([^"]*)"`))?.[1];
}
