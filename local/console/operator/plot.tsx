/** Small plots, drawn on the server: no script, no style beyond the page's own. */
import type { Child } from "hono/jsx";

export interface Series {
  name: string;
  /** The class that gives the colour. */
  tone: string;
  /** One a minute, oldest first. */
  values: readonly number[];
}

const WIDTH = 300;
const HEIGHT = 64;

interface PlotProps {
  title: string;
  series: readonly Series[];
  /** The newest value, or the sum, in words. */
  say: (series: Series) => string;
}

/** A line for each series, on one scale from zero. */
export function LinePlot({ title, series, say }: PlotProps): Child {
  const top = Math.max(1, ...series.flatMap(({ values }) => values));
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={title}
        preserveAspectRatio="none"
      >
        <line x1="0" y1={HEIGHT - 1} x2={WIDTH} y2={HEIGHT - 1} class="axis" />
        {series.map(({ tone, values }) => (
          <polyline class={`line ${tone}`} points={pointsOf(values, top)} />
        ))}
      </svg>
      <Legend series={series} say={say} />
    </figure>
  );
}

/** A horizontal bar for each number. */
export function BarPlot({ title, bars }: { title: string; bars: readonly Bar[] }): Child {
  const top = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <ul class="bars">
        {bars.map(({ name, tone, value }) => (
          <li>
            <span>{name}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(value / top) * 100} height="8" class={`bar ${tone}`} />
            </svg>
            <strong>{value}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

export interface Bar {
  name: string;
  tone: string;
  value: number;
}

function Legend({ series, say }: Pick<PlotProps, "series" | "say">): Child {
  return (
    <ul class="legend">
      {series.map((each) => (
        <li class={each.tone}>
          {each.name} <strong>{say(each)}</strong>
        </li>
      ))}
    </ul>
  );
}

function pointsOf(values: readonly number[], top: number): string {
  const step = WIDTH / Math.max(1, values.length - 1);
  return values
    .map((value, index) => {
      const y = HEIGHT - 2 - (value / top) * (HEIGHT - 6);
      return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
