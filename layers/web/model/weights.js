// Weights of criteria from an order of importance and from comparisons by pairs: the same as geo/ranking.py.

// Mean consistency of random comparisons of 1, 2, ... things (Saaty 1980).
const RANDOM_INDEX = [0, 0, 0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45];
const TURNS = 200;
export const MOST_COMPARED = RANDOM_INDEX.length;
export const CONSISTENT = 0.1;
// 1/9 ... 1/2, 1, 2 ... 9.
export const SCALE = [...Array.from({ length: 8 }, (_, at) => 1 / (9 - at)), ...Array.from({ length: 9 }, (_, at) => at + 1)];

// Rank order centroids (Barron and Barrett 1996), the most important first; they sum to 1.
export function centroids(count) {
  return Array.from({ length: count }, (_, at) => {
    let sum = 0;
    for (let rank = at + 1; rank <= count; rank++) sum += 1 / rank;
    return sum / count;
  });
}

// Saaty's weights by the power method, the consistency ratio, and the pair that disagrees most: [row, column].
export function compared(matrix) {
  const count = matrix.length, times = (vector) => matrix.map((row) => row.reduce((sum, value, at) => sum + value * vector[at], 0));
  let weights = Array(count).fill(1 / count);
  for (let turn = 0; turn < TURNS; turn++) {
    const next = times(weights), sum = next.reduce((one, other) => one + other, 0);
    weights = next.map((value) => value / sum);
  }
  const eigenvalue = times(weights).reduce((sum, value, at) => sum + value / weights[at], 0) / count;
  const ratio = count > 2 ? Math.max(0, eigenvalue - count) / (count - 1) / RANDOM_INDEX[count - 1] : 0;
  let odd = null, most = 1.02;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const off = (matrix[row][column] * weights[column]) / weights[row];
      if (off > most) [most, odd] = [off, [Math.min(row, column), Math.max(row, column)]];
    }
  }
  return { weights, ratio, odd };
}

// The comparison of the scale that is nearest to a ratio of weights.
export function nearest(ratio) {
  const off = (value) => Math.abs(Math.log(value / ratio));
  return SCALE.reduce((best, value) => (off(value) < off(best) ? value : best));
}

// Shares as weights of the model: their sum is 100, with one decimal.
export const asWeights = (shares) => shares.map((share) => Math.round(share * 1000) / 10);
