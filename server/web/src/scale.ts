// A scale bar of a round length.

export interface Bar {
  metres: number;
  pixels: number; // CSS pixels
  label: string;
}

// Words for lengths in the page's language, with {m} and {km} for the number.
export interface Units {
  m: string;
  km: string;
}

// bar returns the longest round bar of at most `room` CSS pixels, where one CSS
// pixel shows `metresPerPixel`.
export function bar(metresPerPixel: number, room: number, units: Units, language: string): Bar | null {
  const most = metresPerPixel * room;
  if (!(most > 0) || !Number.isFinite(most)) return null;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((k) => k * power).find((m) => m <= most) ?? power;
  // Arabic pages write the digits that the pictures have.
  const number = (n: number) => n.toLocaleString(language === "ar" ? "ar-u-nu-latn" : language, { maximumFractionDigits: 2, useGrouping: false });
  const label = metres >= 1000 ? units.km.replace("{km}", number(metres / 1000)) : units.m.replace("{m}", number(metres));
  return { metres, pixels: metres / metresPerPixel, label };
}
