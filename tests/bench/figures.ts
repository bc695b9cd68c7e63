/** Figures: ratios of what was measured side by side, with their spread, each on a line of its own. */

export interface Figure {
  /** `<benchmark>.<what>`, as docs/scaling.md lists them. */
  figure: string;
  /** The median over the rounds. */
  value: number;
  /** The quartiles of the rounds. */
  spread: [number, number];
  target?: Target;
}

/** What a figure should keep: at least, or at most, so much. */
export type Target = { atLeast: number } | { atMost: number };

/** A figure from its value in each round. */
export function figureOf(figure: string, rounds: number[], target?: Target): Figure {
  return {
    figure,
    value: quantile(rounds, 0.5),
    spread: [quantile(rounds, 0.25), quantile(rounds, 0.75)],
    ...(target && { target }),
  };
}

/** The quantile (0 to 1) of some numbers, between the two nearest; NaN where there are none. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** Whether the figure keeps its target; a figure without one always does. */
export function holds({ value, target }: Figure): boolean {
  if (!target) return true;
  return "atLeast" in target ? value >= target.atLeast : value <= target.atMost;
}

/** The figure as one line of JSON. */
export function figureLine(figure: Figure): string {
  const { target } = figure;
  return JSON.stringify({
    figure: figure.figure,
    value: rounded(figure.value),
    spread: figure.spread.map(rounded),
    ...(target && { target: "atLeast" in target ? target.atLeast : target.atMost }),
    holds: holds(figure),
  });
}

/** Three significant digits, as precise as a noisy machine allows. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
