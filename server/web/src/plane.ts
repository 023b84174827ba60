// A picture on which spots are placed, by pointer and by keyboard alike. Spots are
// buttons over the picture, so each can be reached, named and moved without a mouse.
import type { Matrix, Spot } from "./spots";
import type { Say } from "./words";

// An image of the page, as the server describes it.
export interface Canvas {
  id: string;
  file: string;
  width: number; // px of the original
  height: number;
  picture: string;
  small: string;
  whole: string;
  events: string; // "" where the pictures are there
  why: string;
  map: Matrix | null;
}

export interface Mark {
  spot: Spot;
  text: string; // on the mark
  name: string; // for those who don't see it
}

// What a plane tells of what was done on it, by the place of the mark in the list.
export interface Hand {
  put(spot: Spot, reach: number): void; // reach: px within which a finger means the same spot; 0 where no place was pointed at
  move(i: number, spot: Spot, done: boolean): void;
  remove(i: number): void;
  enter(i: number): void;
  chosen(i: number): void;
}

export interface Words {
  name: string; // of the picture
  put: string; // on the button that adds a spot
  take: string; // on the button that removes the chosen one
  marks: string; // of all the spots together
}

const finger = 12; // CSS px within which a finger means the same spot
const steps = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32];
const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// ready calls back once the pictures of an image are made.
export function ready(c: Canvas, then: () => void): void {
  if (!c.events) {
    then();
    return;
  }
  const events = new EventSource(c.events);
  events.addEventListener("done", () => {
    events.close();
    c.events = "";
    then();
  });
}

export function copyOf(name: string): DocumentFragment {
  return document.querySelector<HTMLTemplateElement>(`template[data-${name}]`)!.content.cloneNode(true) as DocumentFragment;
}

export function points(spots: Spot[]): string {
  return spots.map((p) => `${p.x},${p.y}`).join(" ");
}

// frame makes the units of an SVG the pixels of an image, whose centres are whole numbers.
export function frame(svg: SVGElement, c: Canvas): void {
  svg.setAttribute("viewBox", `-0.5 -0.5 ${c.width} ${c.height}`);
}

export class Plane {
  private readonly root: HTMLElement;
  private readonly view: HTMLElement;
  private readonly sheet: HTMLElement;
  private readonly spots: HTMLElement;
  private canvas: Canvas | null = null;
  private zoom = 0; // place in steps
  private marks: Mark[] = [];
  private picked = -1; // mark that was chosen last

  // fine: spots are placed to tenths of a pixel where the picture is large enough.
  constructor(place: HTMLElement, private readonly say: Say, private readonly words: Words, private readonly hand: Hand, private readonly fine: boolean) {
    this.root = copyOf("plane").querySelector<HTMLElement>(".plane")!;
    this.view = this.part("view");
    this.sheet = this.part("sheet");
    this.spots = this.part("spots");
    this.part("put").textContent = words.put;
    this.part("take").textContent = words.take;
    this.spots.setAttribute("aria-label", words.marks);
    place.append(this.root);
    this.part("in").addEventListener("click", () => this.scale(1));
    this.part("out").addEventListener("click", () => this.scale(-1));
    this.part("put").addEventListener("click", () => { if (this.canvas) this.hand.put(this.middle(), 0); });
    this.part("take").addEventListener("click", () => { if (this.marks[this.picked]) this.hand.remove(this.picked); });
    this.sheet.addEventListener("click", (e) => {
      if (!this.canvas || (e.target as Element).closest("button")) return;
      this.hand.put(this.at(e.clientX, e.clientY), finger / this.perPixel());
    });
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  show(c: Canvas): void {
    this.canvas = c;
    this.zoom = 0;
    const { say, words: { name } } = this;
    this.part("name").textContent = say("draw.plane", { name, file: c.file, width: c.width, height: c.height });
    this.view.setAttribute("aria-label", say("draw.plane.name", { name, file: c.file }));
    frame(this.root.querySelector("[data-shape]")!, c);
    this.size();
    const wait = this.part("wait"), picture = this.part("picture") as HTMLImageElement;
    picture.removeAttribute("src");
    wait.hidden = !c.events && !c.why;
    wait.textContent = c.why ? say("draw.no-picture", { why: c.why }) : say("draw.making");
    if (c.why) return;
    ready(c, () => {
      if (this.canvas !== c) return;
      wait.hidden = true;
      picture.src = c.picture;
    });
  }

  // draw shows the marks, and the outline through them if there is one.
  draw(marks: Mark[], outline: Spot[]): void {
    this.marks = marks;
    if (this.picked >= marks.length) this.picked = -1;
    while (this.spots.childElementCount > marks.length) this.spots.lastElementChild!.remove();
    while (this.spots.childElementCount < marks.length) this.spots.append(this.button());
    marks.forEach((m, i) => {
      const b = this.spots.children[i] as HTMLElement;
      b.textContent = m.text;
      b.setAttribute("aria-label", m.name);
      b.style.left = `${100 * (m.spot.x + 0.5) / this.canvas!.width}%`;
      b.style.top = `${100 * (m.spot.y + 0.5) / this.canvas!.height}%`;
    });
    this.root.querySelectorAll("polygon").forEach((p) => p.setAttribute("points", points(outline)));
    this.showPicked();
  }

  // showPicked marks the chosen one, which a button can remove.
  private showPicked(): void {
    [...this.spots.children].forEach((b, i) => b.toggleAttribute("data-picked", i === this.picked));
    (this.part("take") as HTMLButtonElement).disabled = this.picked < 0;
  }

  focus(i: number): void {
    const b = this.spots.children[i] as HTMLElement | undefined;
    if (!b) {
      this.part("put").focus();
      return;
    }
    b.focus({ preventScroll: true });
    b.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // middle is the spot in the middle of what is seen.
  middle(): Spot {
    const v = this.view.getBoundingClientRect(), s = this.sheet.getBoundingClientRect();
    const mid = (a0: number, a1: number, b0: number, b1: number) => (Math.max(a0, b0) + Math.min(a1, b1)) / 2;
    return this.at(mid(v.left, v.right, s.left, s.right), mid(v.top, v.bottom, s.top, s.bottom));
  }

  // at is the spot of the original that lies at a place of the window, CSS px.
  private at(clientX: number, clientY: number): Spot {
    const c = this.canvas!, r = this.sheet.getBoundingClientRect();
    return this.within({
      x: this.round((clientX - r.left) / r.width * c.width - 0.5),
      y: this.round((clientY - r.top) / r.height * c.height - 0.5),
    });
  }

  // perPixel is how many CSS px show one of the original.
  private perPixel(): number {
    return this.sheet.getBoundingClientRect().width / this.canvas!.width;
  }

  private round(v: number): number {
    return this.fine && this.perPixel() >= 2 ? Math.round(10 * v) / 10 : Math.round(v);
  }

  private within(p: Spot): Spot {
    const c = this.canvas!;
    return { x: Math.min(Math.max(p.x, 0), c.width - 1), y: Math.min(Math.max(p.y, 0), c.height - 1) };
  }

  private button(): HTMLButtonElement {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "spot";
    const index = () => Array.prototype.indexOf.call(this.spots.children, b);
    b.addEventListener("focus", () => {
      this.picked = index();
      this.showPicked();
      this.hand.chosen(this.picked);
    });
    b.addEventListener("keydown", (e) => this.key(e, index()));
    this.draggable(b, index);
    return b;
  }

  private key(e: KeyboardEvent, i: number): void {
    const step = arrows[e.key];
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (step) {
      const by = e.shiftKey ? 10 : 1, p = this.marks[i].spot;
      this.hand.move(i, this.within({ x: tenth(p.x + by * step[0]), y: tenth(p.y + by * step[1]) }), true);
      this.spots.children[i].scrollIntoView({ block: "nearest", inline: "nearest" });
    } else if (e.key === "Delete" || e.key === "Backspace") this.hand.remove(i);
    else if (e.key === "Enter") this.hand.enter(i);
    else if (e.key === "+" || e.key === "=") this.scale(1, i);
    else if (e.key === "-") this.scale(-1, i);
    else return;
    e.preventDefault();
  }

  private draggable(b: HTMLButtonElement, index: () => number): void {
    let from: { x: number; y: number; dx: number; dy: number } | null = null, moved = false;
    b.addEventListener("pointerdown", (e) => {
      if (e.button !== 0) return;
      const r = b.getBoundingClientRect();
      from = { x: e.clientX, y: e.clientY, dx: r.left + r.width / 2 - e.clientX, dy: r.top + r.height / 2 - e.clientY };
      moved = false;
      b.focus({ preventScroll: true }); // which not every browser does
      b.setPointerCapture(e.pointerId);
    });
    b.addEventListener("pointermove", (e) => {
      if (!from) return;
      moved ||= Math.hypot(e.clientX - from.x, e.clientY - from.y) > 3; // a tap is no drag
      if (moved) this.hand.move(index(), this.at(e.clientX + from.dx, e.clientY + from.dy), false);
    });
    const end = () => {
      if (from && moved) this.hand.move(index(), this.marks[index()].spot, true);
      from = null;
    };
    b.addEventListener("pointerup", end);
    b.addEventListener("pointercancel", end);
    b.addEventListener("lostpointercapture", end);
  }

  // scale zooms in or out, and keeps in place mark i or what is in the middle.
  private scale(by: number, i = -1): void {
    const c = this.canvas;
    if (!c) return;
    this.to(Math.min(Math.max(this.zoom + by, 0), steps.length - 1), this.marks[i]?.spot ?? this.middle());
  }

  // look brings spots into view, as large as leaves room around them for fingers.
  look(spots: Spot[]): void {
    const c = this.canvas;
    if (!c || spots.length === 0) return;
    const span = (at: number[]) => [Math.min(...at), Math.max(...at)];
    const [x0, x1] = span(spots.map((p) => p.x)), [y0, y1] = span(spots.map((p) => p.y));
    const room = 0.4 / Math.max((x1 - x0) / c.width, (y1 - y0) / c.height, 0.04);
    this.to(Math.max(steps.filter((s) => s <= room).length - 1, 0), { x: (x0 + x1) / 2, y: (y0 + y1) / 2 });
  }

  // to zooms, and keeps a spot in the middle of what is seen.
  private to(zoom: number, keep: Spot): void {
    const c = this.canvas!;
    this.zoom = zoom;
    this.size();
    const r = this.sheet.getBoundingClientRect();
    this.view.scrollLeft = (keep.x + 0.5) / c.width * r.width - this.view.clientWidth / 2;
    this.view.scrollTop = (keep.y + 0.5) / c.height * r.height - this.view.clientHeight / 2;
    const picture = this.part("picture") as HTMLImageElement;
    if (picture.naturalWidth > 0 && picture.naturalWidth < c.width && r.width > 1.2 * picture.naturalWidth && !picture.src.endsWith(c.whole)) picture.src = c.whole;
  }

  private size(): void {
    const c = this.canvas!;
    this.sheet.style.width = `calc(min(100%, 70vh * ${c.width / c.height}) * ${steps[this.zoom]})`;
    this.sheet.style.aspectRatio = `${c.width} / ${c.height}`;
  }
}

function tenth(v: number): number {
  return Math.round(10 * v) / 10;
}
