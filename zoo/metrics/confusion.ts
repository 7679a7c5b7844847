/** Counts by true class (row) and predicted class (column). */
export type ConfusionMatrix = number[][];

/** Tallies predictions. Shape of the result: [classes][classes], rows true, columns predicted. */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ConfusionMatrix {
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = counts[labels[i] as number];
    const column = predicted[i] as number;
    if (row === undefined || row[column] === undefined) {
      throw new RangeError(
        `Row ${i} has class ${labels[i]} and prediction ${column}, outside 0..${classes - 1}.`,
      );
    }
    row[column]++;
  }
  return counts;
}
