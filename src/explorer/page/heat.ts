/** Stops of the palette magma, dark to light. */
const MAGMA: readonly (readonly [number, number, number])[] = [
  [0, 0, 4],
  [28, 16, 68],
  [79, 18, 123],
  [129, 37, 129],
  [181, 54, 122],
  [229, 80, 100],
  [251, 135, 97],
  [254, 194, 135],
  [252, 253, 191],
];

const COLOURS = 256;

const PALETTE = Uint32Array.from({ length: COLOURS }, (_, i) => {
  const at = i / (COLOURS - 1) * (MAGMA.length - 1);
  const below = Math.min(MAGMA.length - 2, Math.floor(at));
  const mixed = (channel: 0 | 1 | 2): number => {
    const [from, to] = [MAGMA[below]?.[channel], MAGMA[below + 1]?.[channel]];
    return Math.round((from ?? 0) + (at - below) * ((to ?? 0) - (from ?? 0)));
  };
  return 0xff000000 | mixed(2) << 16 | mixed(1) << 8 | mixed(0);
});

/**
 * An image of values `[rows, columns]`, the first row at the bottom.
 *
 * @param range Values of the darkest and the lightest colour.
 */
export function heatImage(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  [low, high]: readonly [number, number],
): OffscreenCanvas {
  const pixels = new Uint32Array(rows * columns);
  const scale = (COLOURS - 1) / (high - low);
  for (let row = 0; row < rows; row++) {
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] as number;
      const colour = Math.round((value - low) * scale);
      const index = Math.min(COLOURS - 1, Math.max(0, colour));
      pixels[to + column] = PALETTE[index] as number;
    }
  }
  const canvas = new OffscreenCanvas(columns, rows);
  const bytes = new Uint8ClampedArray(pixels.buffer);
  canvas.getContext("2d")
    ?.putImageData(new ImageData(bytes, columns, rows), 0, 0);
  return canvas;
}
