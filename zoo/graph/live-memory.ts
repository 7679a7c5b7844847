import { elementCount } from './model.js';
import type { Shapes } from './measure.js';
import type { Structure } from './structure.js';

const FLOAT_BYTES = 4;

/**
 * The most bytes of activations that are alive at one time, for one picture: what a runtime that frees a tensor after its last reader
 * cannot do without. Working space of single operators comes on top.
 */
export function peakActivationBytes({ model, consumers, data }: Structure, shapes: Shapes): number {
  const bytesOf = (name: string): number =>
    data.has(name) ? FLOAT_BYTES * elementCount(shapes.get(name) ?? [0]) : 0;
  const lastReader = (name: string): number => Math.max(-1, ...(consumers.get(name) ?? []));
  let alive = model.inputs.reduce((sum, { name }) => sum + bytesOf(name), 0);
  let peak = alive;
  model.nodes.forEach(({ inputs, outputs }, index) => {
    alive += outputs.reduce((sum, name) => sum + bytesOf(name), 0);
    peak = Math.max(peak, alive);
    for (const name of new Set([...inputs, ...outputs])) {
      const last = lastReader(name);
      const isOver = outputs.includes(name) ? last < 0 : last === index;
      if (isOver) alive -= bytesOf(name);
    }
  });
  return peak;
}
