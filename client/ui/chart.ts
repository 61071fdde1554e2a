/**
 * The line chart: a bundle of its own, loaded when there is something to draw.
 * @module
 */
import uPlot from "uplot";
import { siText } from "./models/siText.ts";

/** A line that is drawn on a canvas as wide as its element. */
export type LineChart = {
  /** Draws this line in place of the one before. */
  show(xs: number[], ys: (number | null)[]): void;
  destroy(): void;
};

const HEIGHT = 130;

const timeOf = (seconds: number): string => new Date(seconds * 1_000).toLocaleTimeString();

/** Makes a chart; its colours are those of the element. Positions are seconds where `isTime`. */
export const createLineChart = (
  element: HTMLElement,
  { isTime }: { isTime: boolean },
): LineChart => {
  // Asked for at each drawing, as the theme may have changed, of what the style sheet has made of it.
  const colour = (property: "color" | "borderTopColor" | "outlineColor") => () =>
    getComputedStyle(element)[property];
  const axis = {
    stroke: colour("color"),
    font: "12px system-ui",
    grid: { stroke: colour("borderTopColor"), width: 1 },
    ticks: { show: false },
  };
  const chart = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false } },
      scales: { x: { time: isTime } },
      axes: [
        {
          ...axis,
          size: 26,
          space: 80,
          ...(isTime && { values: (_chart, ticks) => ticks.map(timeOf) }),
        },
        {
          ...axis,
          size: 58,
          space: 28,
          values: (_chart, ticks) => ticks.map(siText),
        },
      ],
      series: [{}, { stroke: colour("outlineColor"), width: 1.5, points: { show: false } }],
    },
    [[], []],
    element,
  );
  const observer = new ResizeObserver(() =>
    chart.setSize({ width: element.clientWidth, height: HEIGHT })
  );
  observer.observe(element);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = (): void => chart.redraw();
  dark.addEventListener("change", redraw);
  const theme = new MutationObserver(redraw);
  theme.observe(element.closest(".plugboard")!, { attributeFilter: ["data-theme"] });

  return {
    show: (xs, ys) => chart.setData([xs, ys]),
    destroy() {
      observer.disconnect();
      theme.disconnect();
      dark.removeEventListener("change", redraw);
      chart.destroy();
    },
  };
};
