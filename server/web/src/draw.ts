// Draws regions and places tie points on the page where they can also be typed. What
// is drawn is written into the fields of the page, and sent and checked as if typed.
import type { Canvas } from "./plane";
import { Region } from "./region";
import { Ties } from "./ties";

interface Drawing {
  images: Canvas[];
  reference: string; // "" if not known
}

const held = document.querySelector<HTMLElement>("[data-drawing]");
if (held) {
  const { images, reference } = JSON.parse(held.dataset.drawing!) as Drawing;
  const say = voiceOf(held);
  const image = (id: string | undefined) => images.find((c) => c.id === id);
  const place = document.querySelector<HTMLElement>("[data-draw-region]");
  const field = document.querySelector<HTMLTextAreaElement>("#f-region");
  const choice = document.querySelector<HTMLSelectElement>("#f-region-image");
  if (place && field && choice) new Region(place, say, images, field, choice);
  document.querySelectorAll<HTMLElement>("[data-draw-ties]").forEach((at) => {
    const own = image(at.dataset.drawTies), base = image(reference);
    const lines = at.closest("form")?.querySelector<HTMLTextAreaElement>("textarea[name=ties]");
    if (own && base && lines) new Ties(at, say, { reference: base, own }, lines);
  });
}
