// Draws a region on any of the images, and shows it on all that lie on one grid.
import { type Canvas, Plane, copyOf, frame, points, ready } from "./plane";
import { type Spot, across, corners, side, written, writeCorners } from "./spots";
import type { Say } from "./words";

export class Region {
  private readonly body: HTMLElement;
  private readonly open: HTMLButtonElement;
  private readonly plane: Plane;
  private spots: Spot[] = [];
  private last = -1; // corner after which the next one comes
  private drawn: boolean; // the corners come from a picture, not from typing
  private hand: { on: Canvas; spots: Spot[] } | null = null; // as they were before they were taken along to other images
  private readonly figures = new Map<string, SVGSVGElement>();
  private on!: Canvas;

  // A place with data-held holds a region that was drawn before and is drawn anew.
  constructor(place: HTMLElement, private readonly say: Say, private readonly images: Canvas[], private readonly field: HTMLTextAreaElement, private readonly choice: HTMLSelectElement) {
    place.append(copyOf("region-editor"));
    this.body = place.querySelector<HTMLElement>("[data-body]")!;
    this.open = place.querySelector<HTMLButtonElement>("[data-open]")!;
    this.drawn = place.dataset.held === field.value;
    this.plane = new Plane(this.part("planes"), say, { name: say("draw.image"), put: say("draw.put.corner"), take: say("draw.take.corner"), marks: say("draw.marks.corners") }, {
      put: (p, reach) => this.put(p, reach),
      move: (i, p, done) => this.move(i, p, done),
      remove: (i) => this.remove(i),
      enter: (i) => this.enter(i),
      chosen: (i) => { this.last = i; },
    }, false);
    this.open.addEventListener("click", () => this.toggle());
    this.part("clear").addEventListener("click", () => {
      if (!this.free()) return;
      this.spots = [];
      this.byHand(say("draw.cleared"));
    });
    this.field.addEventListener("input", () => { this.drawn = false; this.hand = null; if (!this.body.hidden) this.read(); });
    this.choice.addEventListener("change", () => { if (!this.body.hidden) this.change(); });
    if (place.dataset.held !== undefined) this.toggle();
  }

  private toggle(): void {
    this.body.hidden = !this.body.hidden;
    this.open.setAttribute("aria-expanded", String(!this.body.hidden));
    if (!this.body.hidden) this.show();
  }

  private part(name: string): HTMLElement {
    return this.body.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private tell(text: string): void {
    this.part("said").textContent = text;
  }

  private chosen(): Canvas | undefined {
    return this.images.find((c) => c.id === this.choice.value);
  }

  private show(): void {
    const c = this.chosen();
    if (!c) {
      this.tell(this.say("draw.no-size"));
      return;
    }
    this.on = c;
    this.plane.show(c);
    this.others();
    this.read();
    this.plane.look(this.spots);
  }

  // change takes corners that were drawn along to the same ground on another image,
  // from the one that they were drawn on: going there and back moves nothing.
  private change(): void {
    const from = this.on, to = this.chosen();
    const hand = this.hand ?? { on: from, spots: this.spots };
    this.show();
    if (!from || !to || from === to || this.spots.length === 0) return;
    if (!this.drawn) {
      this.tell(this.say("draw.numbers", { file: to.file }));
      return;
    }
    const moved = to === hand.on ? hand.spots : across(hand.on.map, to.map, hand.spots)?.map((p) => ({ x: Math.round(p.x), y: Math.round(p.y) }));
    this.hand = hand;
    this.spots = moved ?? hand.spots;
    this.write(this.say(moved ? "draw.taken" : "draw.numbers", { file: to.file }));
    this.plane.look(this.spots);
  }

  // free says whether drawing would overwrite something that it can't show.
  private free(): boolean {
    if (this.on && corners(this.field.value)) return true;
    this.tell(this.say("draw.unfree"));
    return false;
  }

  private read(): void {
    const typed = corners(this.field.value);
    this.spots = typed ?? [];
    this.last = this.spots.length - 1;
    this.draw();
    if (!typed) this.free();
    else this.tell(this.spots.length > 0 ? this.count() : "");
  }

  // byHand writes what was done on the picture.
  private byHand(said: string): void {
    this.hand = null;
    this.drawn = true;
    this.write(said);
  }

  private write(said: string): void {
    this.field.value = writeCorners(this.spots);
    this.last = Math.min(this.last, this.spots.length - 1);
    this.draw();
    this.tell(said);
  }

  // put adds a corner: between two others where it lies within reach of their side, px,
  // else after the one that was chosen last.
  private put(p: Spot, reach: number): void {
    if (!this.free()) return;
    const on = side(this.spots, p, reach);
    const i = (on < 0 ? Math.min(this.last, this.spots.length - 1) : on) + 1;
    this.spots.splice(i, 0, p);
    this.byHand(`${this.say("draw.corner.added", { n: i + 1, spot: written(p) })} ${this.count()}`);
    this.plane.focus(i);
  }

  // enter adds a corner half way to the next, or beside the only one.
  private enter(i: number): void {
    const a = this.spots[i], b = this.spots[(i + 1) % this.spots.length];
    const beside = this.spots.length < 3 || a === b;
    const p = beside ? { x: Math.min(a.x + 20, this.on.width - 1), y: a.y } : { x: Math.round((a.x + b.x) / 2), y: Math.round((a.y + b.y) / 2) };
    this.last = i;
    this.put(p, 0);
  }

  private move(i: number, p: Spot, done: boolean): void {
    this.spots[i] = p;
    const said = this.part("said").textContent ?? "";
    this.byHand(done ? this.say("draw.corner.at", { n: i + 1, spot: written(p) }) : said);
  }

  private remove(i: number): void {
    this.spots.splice(i, 1);
    this.last = i - 1;
    this.byHand(`${this.say("draw.corner.removed", { n: i + 1 })} ${this.count()}`);
    this.plane.focus(Math.min(i, this.spots.length - 1));
  }

  private count(): string {
    const n = this.spots.length, there = this.say("draw.count", { n });
    return n < 3 ? `${there} ${this.say("draw.few")}` : there;
  }

  private draw(): void {
    if (!this.on) return;
    const of = this.spots.length;
    this.plane.draw(this.spots.map((spot, i) => ({ spot, text: String(i + 1), name: this.say("draw.corner.name", { n: i + 1, of, spot: written(spot) }) })), this.spots);
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
    const told = [];
    if (this.figures.size > 0) told.push(this.say("draw.lies"));
    if (left.length > 0) told.push(this.say("draw.left", { files: left.join(this.say("list.comma")) }));
    this.part("others-hint").textContent = told.join(" ");
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
    caption.dir = "auto";
    caption.textContent = c.file;
    figure.append(sheet, caption);
    this.figures.set(c.id, svg);
    return figure;
  }
}
