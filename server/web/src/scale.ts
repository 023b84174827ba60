// A scale bar of a round length.

export interface Bar {
  metres: number;
  pixels: number; // CSS pixels
  label: string;
}

// bar returns the longest round bar of at most `room` CSS pixels, where one CSS
// pixel shows `metresPerPixel`.
export function bar(metresPerPixel: number, room: number): Bar | null {
  const most = metresPerPixel * room;
  if (!(most > 0) || !Number.isFinite(most)) return null;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((k) => k * power).find((m) => m <= most) ?? power;
  const label = metres >= 1000 ? `${metres / 1000} km` : metres >= 1 ? `${metres} m` : `${Math.round(metres * 100)} cm`;
  return { metres, pixels: metres / metresPerPixel, label };
}
