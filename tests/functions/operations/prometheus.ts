/**
 * A strict reader of Prometheus' text format, as far as we write it: what it gives back is sound.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
import assert from "node:assert/strict";

export interface Family {
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const HELP_LINE = new RegExp(`^# HELP (${NAME}) (\\S.*)$`);
const TYPE_LINE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const VALUE = "[+-]Inf|NaN|-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?";
const SAMPLE_LINE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? (${VALUE})$`);

/** The families by name. Fails at the first thing that Prometheus would not take, or not expect. */
export function parsePrometheus(text: string): Map<string, Family> {
  assert.ok(text.endsWith("\n"), "the last line ends too");
  const families = new Map<string, Family>();
  let current = "";
  let help: RegExpExecArray | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const type = TYPE_LINE.exec(line);
    if (type) {
      assert.equal(help?.[1], type[1], "a type follows its help");
      current = type[1] ?? "";
      assert.ok(!families.has(current), `${current} comes once`);
      families.set(current, { type: type[2] ?? "", help: help?.[2] ?? "", samples: [] });
    } else if (!(help = HELP_LINE.exec(line))) {
      families.get(current)?.samples.push(parseSample(line, current));
    }
  }
  for (const [name, family] of families) assertSound(name, family);
  return families;
}

function parseSample(line: string, family: string): Family["samples"][number] {
  const sample = SAMPLE_LINE.exec(line);
  assert.ok(sample, `"${line}" is a sample`);
  const [, name = "", labels = "", value = ""] = sample;
  assert.ok(name.startsWith(family), `${name} stands below ${family}`);
  const pairs = [...labels.matchAll(new RegExp(`(\\w+)="((?:[^"\\\\]|\\\\.)*)"`, "g"))];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label, text]) => [label, text])),
    value: Number(value.replace("Inf", "Infinity")),
  };
}

function assertSound(name: string, { type, samples }: Family): void {
  const series = samples.map((sample) => `${sample.name} ${JSON.stringify(sample.labels)}`);
  assert.equal(new Set(series).size, series.length, `${name} has each series once`);
  if (type === "histogram") return assertHistogram(name, samples);
  for (const sample of samples) {
    assert.equal(sample.name, name);
    assert.ok(type !== "counter" || sample.value >= 0, `${name} counts up from zero`);
  }
  assert.equal(name.endsWith("_total"), type === "counter", `${name} is named as a ${type}`);
}

function assertHistogram(name: string, samples: Family["samples"]): void {
  const valuesOf = (suffix: string) => samples.filter((each) => each.name === name + suffix);
  const buckets = valuesOf("_bucket");
  const bounds = buckets.map(({ labels }) =>
    Number((labels["le"] ?? "").replace("Inf", "Infinity"))
  );
  assert.deepEqual(bounds, [...bounds].sort((a, b) => a - b), `${name} has its buckets in order`);
  assert.equal(bounds.at(-1), Infinity, `${name} has a bucket for everything`);
  const counts = buckets.map(({ value }) => value);
  assert.deepEqual(counts, [...counts].sort((a, b) => a - b), `${name} has cumulative buckets`);
  const [sums, totals] = [valuesOf("_sum"), valuesOf("_count")];
  assert.deepEqual([sums.length, totals.length], [1, 1], `${name} has one sum and one count`);
  assert.equal(totals[0]?.value, counts.at(-1), `${name} counts what is in its last bucket`);
  assert.equal(buckets.length + 2, samples.length, `${name} has nothing else`);
}
