// Draws a region on any of the images, and shows it on all that lie on one grid.
import { type Canvas, Plane, copyOf, frame, points, ready } from "./plane";
import { type Spot, across, corners, writeCorners } from "./spots";

export class Region {
  private readonly body: HTMLElement;
  private readonly plane: Plane;
  private spots: Spot[] = [];
  private last = -1; // corner after which the next one comes
  private drawn = false; // the corners come from a picture, not from typing
  private readonly figures = new Map<string, SVGSVGElement>();
  private on!: Canvas;

  constructor(place: HTMLElement, private readonly images: Canvas[], private readonly field: HTMLTextAreaElement, private readonly choice: HTMLSelectElement) {
    place.append(copyOf("region-editor"));
    this.body = place.querySelector<HTMLElement>("[data-body]")!;
    this.plane = new Plane(this.part("planes"), { name: "Image", put: "Add a corner", marks: "Corners of the region" }, {
      put: (p) => this.put(p),
      move: (i, p, done) => this.move(i, p, done),
      remove: (i) => this.remove(i),
      enter: (i) => this.enter(i),
      chosen: (i) => { this.last = i; },
    }, false);
    const open = place.querySelector<HTMLButtonElement>("[data-open]")!;
    open.addEventListener("click", () => {
      this.body.hidden = !this.body.hidden;
      open.setAttribute("aria-expanded", String(!this.body.hidden));
      if (!this.body.hidden) this.show();
    });
    this.part("clear").addEventListener("click", () => {
      if (!this.free()) return;
      this.spots = [];
      this.write("All corners were removed.");
    });
    this.field.addEventListener("input", () => { this.drawn = false; if (!this.body.hidden) this.read(); });
    this.choice.addEventListener("change", () => { if (!this.body.hidden) this.change(); });
  }

  private part(name: string): HTMLElement {
    return this.body.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private say(text: string): void {
    this.part("said").textContent = text;
  }

  private chosen(): Canvas | undefined {
    return this.images.find((c) => c.id === this.choice.value);
  }

  private show(): void {
    const c = this.chosen();
    if (!c) {
      this.say("The size of this image is not known, so nothing can be drawn on it. Choose another.");
      return;
    }
    this.on = c;
    this.plane.show(c);
    this.others();
    this.read();
  }

  // change takes corners that were drawn along to the same ground on another image.
  private change(): void {
    const from = this.on, to = this.chosen();
    this.show();
    if (!from || !to || from === to || this.spots.length === 0) return;
    const moved = this.drawn ? across(from.map, to.map, this.spots) : null;
    if (!moved) {
      this.say(`The corners keep their numbers, which now count the pixels of ${to.file}. Look whether they lie where they should.`);
      return;
    }
    this.spots = moved.map((p) => ({ x: Math.round(p.x), y: Math.round(p.y) }));
    this.write(`The corners were taken along to ${to.file}. Look whether they lie where they should.`);
  }

  // free says whether drawing would overwrite something that it can't show.
  private free(): boolean {
    if (this.on && corners(this.field.value)) return true;
    this.say("The field holds what can't be drawn on a picture, as a polygon on the ground. Empty it to draw.");
    return false;
  }

  private read(): void {
    const typed = corners(this.field.value);
    this.spots = typed ?? [];
    this.last = this.spots.length - 1;
    this.draw();
    if (!typed) this.free();
    else this.say(this.spots.length > 0 ? count(this.spots.length) : "");
  }

  private write(said: string): void {
    this.field.value = writeCorners(this.spots);
    this.drawn = true;
    this.last = Math.min(this.last, this.spots.length - 1);
    this.draw();
    this.say(said);
  }

  private put(p: Spot): void {
    if (!this.free()) return;
    const i = Math.min(this.last, this.spots.length - 1) + 1;
    this.spots.splice(i, 0, p);
    this.write(`Corner ${i + 1} was added at ${p.x}, ${p.y}. ${count(this.spots.length)}`);
    this.plane.focus(i);
  }

  // enter adds a corner half way to the next, or beside the only one.
  private enter(i: number): void {
    const a = this.spots[i], b = this.spots[(i + 1) % this.spots.length];
    const beside = this.spots.length < 3 || a === b;
    const p = beside ? { x: Math.min(a.x + 20, this.on.width - 1), y: a.y } : { x: Math.round((a.x + b.x) / 2), y: Math.round((a.y + b.y) / 2) };
    this.last = i;
    this.put(p);
  }

  private move(i: number, p: Spot, done: boolean): void {
    this.spots[i] = p;
    const said = this.part("said").textContent ?? "";
    this.write(done ? `Corner ${i + 1} is at ${p.x}, ${p.y}.` : said);
  }

  private remove(i: number): void {
    this.spots.splice(i, 1);
    this.last = i - 1;
    this.write(`Corner ${i + 1} was removed. ${count(this.spots.length)}`);
    this.plane.focus(Math.min(i, this.spots.length - 1));
  }

  private draw(): void {
    if (!this.on) return;
    const n = this.spots.length;
    this.plane.draw(this.spots.map((spot, i) => ({ spot, text: String(i + 1), name: `Corner ${i + 1} of ${n}: ${spot.x}, ${spot.y}` })), this.spots);
    for (const c of this.images) {
      const svg = this.figures.get(c.id);
      const there = svg && across(this.on.map, c.map, this.spots);
      svg?.querySelectorAll("polygon").forEach((p) => p.setAttribute("points", there ? points(there) : ""));
    }
  }

  // others shows the images that the region can be led to from the one drawn on.
  private others(): void {
    this.figures.clear();
    const box = this.part("others"), left: string[] = [];
    box.replaceChildren();
    for (const c of this.images) {
      if (c === this.on) continue;
      if (!this.on.map || !c.map || c.why) left.push(c.file);
      else box.append(this.figure(c));
    }
    this.part("others-box").hidden = this.images.length < 2;
    const told = this.figures.size > 0 ? "As the alignment of each whole image lays it, without local bends. " : "";
    this.part("others-hint").textContent = told + (left.length > 0 ? `Not known, so not shown, on ${left.join(", ")}: they are not laid over the others, or not yet.` : "");
  }

  private figure(c: Canvas): HTMLElement {
    const figure = document.createElement("figure"), sheet = document.createElement("div"), caption = document.createElement("figcaption");
    const picture = document.createElement("img"), svg = document.querySelector<HTMLTemplateElement>("template[data-plane]")!.content.querySelector("svg")!.cloneNode(true) as SVGSVGElement;
    sheet.className = "plane-sheet";
    sheet.style.aspectRatio = `${c.width} / ${c.height}`;
    picture.alt = "";
    frame(svg, c);
    ready(c, () => { picture.src = c.small; });
    sheet.append(picture, svg);
    caption.textContent = c.file;
    figure.append(sheet, caption);
    this.figures.set(c.id, svg);
    return figure;
  }
}

function count(n: number): string {
  const there = n === 1 ? "1 corner." : `${n} corners.`;
  return n < 3 ? `${there} A region needs three or more.` : there;
}
