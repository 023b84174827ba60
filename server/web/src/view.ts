// The part of the picture that is looked at, as an address holds it:
// "x,y,width", the centre and the width in pixels of the grid.

export interface View {
  x: number;
  y: number;
  width: number;
}

export function parse(text: string | undefined, gridWidth: number): View | null {
  const parts = (text ?? "").split(",").map(Number);
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  const [x, y, width] = parts;
  if (width < 4 || width > 16 * gridWidth) return null;
  return { x, y, width };
}

export function format(v: View): string {
  return [v.x, v.y, v.width].map((n) => String(Math.round(n))).join(",");
}
