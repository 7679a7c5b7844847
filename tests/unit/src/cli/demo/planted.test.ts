import { expect, test } from 'vitest';
import { comparePlanted, mergePlanted, type PlantedRow } from '../../../../../src/cli/demo/planted.js';
import type { ImageView } from '../../../../../src/http/api.js';

const image = (imageUrl: string, state: ImageView['state'], reason: string | null = null): ImageView =>
  ({ imageUrl, state, reason }) as ImageView;
const result = (imageUrl: string, plant: string | null = null, copyOf: string | null = null) => ({
  imageUrl,
  plant,
  copyOf,
});

test('each plant is compared with what the run did to it', () => {
  const rows = comparePlanted(
    [
      result('dead', 'dead-link'),
      result('dead2', 'dead-link'),
      result('good'),
      result('wronged'),
      result('unmet', 'thumbnail'),
      result('unjudged', 'thumbnail'),
    ],
    [
      image('dead', 'dropped', 'http-404'),
      image('dead2', 'kept'),
      image('good', 'kept'),
      image('wronged', 'dropped', 'near-duplicate'),
      image('unjudged', 'pending'),
    ],
  );
  expect(rows).toEqual([
    { plant: 'dead-link', seen: 2, caught: 1, reasons: { 'http-404': 1 } },
    { plant: 'sound', seen: 2, caught: 1, reasons: { 'near-duplicate': 1 } },
  ]);
});

test('a copy is caught when either of the two was dropped, and no double when the run met only one', () => {
  const copies = [
    result('copy-1', 'exact-copy', 'original-1'),
    result('copy-2', 'exact-copy', 'original-2'),
    result('copy-3', 'exact-copy', 'original-3'),
    result('copy-4', 'exact-copy', 'original-4'),
  ];
  const images = [
    image('copy-1', 'dropped', 'exact-duplicate'),
    image('original-1', 'kept'),
    image('copy-2', 'kept'),
    image('original-2', 'dropped', 'exact-duplicate'),
    image('copy-3', 'kept'),
    image('original-3', 'kept'),
    image('copy-4', 'kept'),
  ];
  expect(comparePlanted(copies, images)).toEqual([
    { plant: 'exact-copy', seen: 3, caught: 2, reasons: { 'exact-duplicate': 2 } },
  ]);
});

test('an original that was dropped in place of its copy is no sound picture lost', () => {
  const results = [result('original'), result('copy', 'exact-copy', 'original'), result('other')];
  const images = [
    image('original', 'dropped', 'exact-duplicate'),
    image('copy', 'kept'),
    image('other', 'kept'),
  ];
  expect(comparePlanted(results, images)).toEqual([
    { plant: 'exact-copy', seen: 1, caught: 1, reasons: { 'exact-duplicate': 1 } },
    { plant: 'sound', seen: 1, caught: 0, reasons: {} },
  ]);
});

test('categories add up, sound pictures come last', () => {
  const row = (plant: string, caught: number): PlantedRow => ({
    plant,
    seen: 5,
    caught,
    reasons: caught > 0 ? { corrupt: caught } : {},
  });
  expect(
    mergePlanted([
      row('sound', 0),
      row('thumbnail', 1),
      row('sound', 2),
      row('dead-link', 1),
      row('thumbnail', 3),
    ]),
  ).toEqual([
    { plant: 'dead-link', seen: 5, caught: 1, reasons: { corrupt: 1 } },
    { plant: 'thumbnail', seen: 10, caught: 4, reasons: { corrupt: 4 } },
    { plant: 'sound', seen: 10, caught: 2, reasons: { corrupt: 2 } },
  ]);
});
