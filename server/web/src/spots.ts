// Positions on images, and how the fields of the page write them. Pixels are those
// of the original: x right, y down, (0, 0) the centre of the first one.

export interface Spot {
  x: number;
  y: number;
}

export type Matrix = [[number, number, number], [number, number, number], [number, number, number]];

// numbers reads "1,2 3,4" with commas, semicolons or blanks between; null where
// something else stands there.
function numbers(text: string): number[] | null {
  const parts = text.split(/[,;\s]+/).filter((p) => p !== "").map(Number);
  return parts.every(Number.isFinite) ? parts : null;
}

// corners reads the corners of a region; null where the text is no list of pixels,
// as a polygon on the ground.
export function corners(text: string): Spot[] | null {
  const n = numbers(text);
  if (!n || n.length % 2 !== 0) return null;
  return Array.from({ length: n.length / 2 }, (_, i) => ({ x: n[2 * i], y: n[2 * i + 1] }));
}

export function writeCorners(spots: Spot[]): string {
  return spots.map((p) => `${p.x},${p.y}`).join(" ");
}

// written is a spot as people read it.
export function written(p: Spot): string {
  return `${p.x}, ${p.y}`;
}

// side returns the corner after which p lies on the outline through the corners, no
// farther from it than reach; -1 where it lies elsewhere, or there is no outline.
export function side(spots: Spot[], p: Spot, reach: number): number {
  let at = -1;
  if (spots.length < 3) return at;
  spots.forEach((a, i) => {
    const b = spots[(i + 1) % spots.length], dx = b.x - a.x, dy = b.y - a.y;
    const along = Math.min(Math.max(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1), 0), 1);
    const far = Math.hypot(a.x + along * dx - p.x, a.y + along * dy - p.y);
    if (far <= reach) [at, reach] = [i, far];
  });
  return at;
}

// A Pair is one spot in the reference image and in another; half of it may be missing.
export interface Pair {
  reference: Spot | null;
  own: Spot | null;
}

// pairs reads tie points, one a line; null where a line is none.
export function pairs(text: string): Pair[] | null {
  const out: Pair[] = [];
  for (const line of text.split("\n")) {
    const n = numbers(line);
    if (!n || (n.length !== 4 && n.length !== 0)) return null;
    if (n.length === 4) out.push({ reference: { x: n[0], y: n[1] }, own: { x: n[2], y: n[3] } });
  }
  return out;
}

// writePairs leaves out what is only half there.
export function writePairs(list: Pair[]): string {
  return list.map(({ reference: r, own: o }) => (r && o ? `${r.x}, ${r.y}, ${o.x}, ${o.y}\n` : "")).join("");
}

// forward takes a position by a homography; null where that runs to infinity.
export function forward(m: Matrix, p: Spot): Spot | null {
  const w = m[2][0] * p.x + m[2][1] * p.y + m[2][2];
  if (!(w > 1e-12)) return null;
  return { x: (m[0][0] * p.x + m[0][1] * p.y + m[0][2]) / w, y: (m[1][0] * p.x + m[1][1] * p.y + m[1][2]) / w };
}

// backward undoes forward: (m0 − u·m2)·(x, y, 1) = 0 and (m1 − v·m2)·(x, y, 1) = 0.
export function backward(m: Matrix, p: Spot): Spot | null {
  const [a, b, c] = m[0].map((v, i) => v - p.x * m[2][i]);
  const [d, e, f] = m[1].map((v, i) => v - p.y * m[2][i]);
  const det = a * e - b * d;
  if (!(Math.abs(det) > 1e-12)) return null;
  const q = { x: (b * f - c * e) / det, y: (c * d - a * f) / det };
  return forward(m, q) ? q : null;
}

// across takes positions from one image to another by way of the reference.
export function across(from: Matrix | null, to: Matrix | null, spots: Spot[]): Spot[] | null {
  if (!from || !to) return null;
  const out: Spot[] = [];
  for (const p of spots) {
    const r = backward(from, p);
    const q = r && forward(to, r);
    if (!q) return null;
    out.push(q);
  }
  return out;
}
