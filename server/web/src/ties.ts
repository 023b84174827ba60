// Places tie points: the same spots in the reference image and in another.
import { type Canvas, Plane, copyOf } from "./plane";
import { type Pair, type Spot, pairs, written, writePairs } from "./spots";
import type { Say } from "./words";

type Side = "reference" | "own";
const sides: Side[] = ["reference", "own"];
const other = (s: Side): Side => (s === "own" ? "reference" : "own");

export class Ties {
  private readonly body: HTMLElement;
  private readonly planes: Record<Side, Plane>;
  private list: Pair[] = [];
  private opened = false;

  constructor(place: HTMLElement, private readonly say: Say, private readonly images: Record<Side, Canvas>, private readonly field: HTMLTextAreaElement) {
    place.append(copyOf("ties-editor"));
    this.body = place.querySelector<HTMLElement>("[data-body]")!;
    const plane = (side: Side) => new Plane(this.part("planes"), say, { name: say(`draw.${side}`), put: say("draw.put.point"), take: say("draw.take.point"), marks: say(`draw.marks.${side}`) }, {
      put: (p) => this.put(side, p),
      move: (i, p, done) => this.move(side, this.held(side)[i], p, done),
      remove: (i) => this.remove(this.held(side)[i], side),
      enter: (i) => this.enter(side, this.held(side)[i]),
      chosen: () => undefined,
    }, true);
    this.planes = { reference: plane("reference"), own: plane("own") };
    const open = place.querySelector<HTMLButtonElement>("[data-open]")!;
    open.addEventListener("click", () => {
      this.body.hidden = !this.body.hidden;
      open.setAttribute("aria-expanded", String(!this.body.hidden));
      if (!this.body.hidden) this.show();
    });
    this.field.addEventListener("input", () => { if (!this.body.hidden) this.read(); });
  }

  private part(name: string): HTMLElement {
    return this.body.querySelector<HTMLElement>(`[data-${name}]`)!;
  }

  private tell(text: string): void {
    this.part("said").textContent = text;
  }

  // held are the places in the list of the pairs that have a spot on that side.
  private held(side: Side): number[] {
    return this.list.map((_, n) => n).filter((n) => this.list[n][side]);
  }

  private show(): void {
    if (!this.opened) for (const s of sides) this.planes[s].show(this.images[s]);
    this.opened = true;
    this.read();
  }

  private read(): void {
    const typed = pairs(this.field.value);
    this.list = typed ?? [];
    this.draw();
    this.tell(typed ? this.tally() : this.say("draw.unread"));
  }

  private write(said: string): void {
    this.field.value = writePairs(this.list);
    this.draw();
    this.tell(said);
  }

  private put(side: Side, p: Spot): void {
    if (!pairs(this.field.value)) {
      this.read();
      return;
    }
    let n = this.list.findIndex((pair) => !pair.reference || !pair.own); // the one that is half there
    if (n < 0) n = this.list.push({ reference: null, own: null }) - 1;
    const pair = this.list[n];
    pair[side] = p;
    const whole = pair.reference && pair.own;
    this.write(`${this.at(side, n, p)} ${whole ? this.tally() : this.say(`draw.next.${other(side)}`)}`);
    this.planes[side].focus(this.held(side).indexOf(n));
  }

  private move(side: Side, n: number, p: Spot, done: boolean): void {
    this.list[n][side] = p;
    const said = this.part("said").textContent ?? "";
    this.write(done ? this.at(side, n, p) : said);
  }

  private enter(side: Side, n: number): void {
    const to = other(side);
    if (!this.list[n][to]) this.put(to, this.planes[to].middle());
    else this.planes[to].focus(this.held(to).indexOf(n));
  }

  private remove(n: number, side: Side): void {
    this.list.splice(n, 1);
    this.write(`${this.say("draw.point.removed", { n: n + 1 })} ${this.tally()}`);
    this.planes[side].focus(Math.min(n, this.held(side).length - 1));
  }

  private draw(): void {
    for (const s of sides) {
      this.planes[s].draw(this.held(s).map((n) => {
        const spot = this.list[n][s]!;
        return { spot, text: String(n + 1), name: this.say(`draw.point.name.${s}`, { n: n + 1, spot: written(spot) }) };
      }), []);
    }
    this.part("list").replaceChildren(...this.list.map((pair, n) => this.line(pair, n)));
  }

  private line(pair: Pair, n: number): HTMLElement {
    const li = document.createElement("li"), text = document.createElement("span"), button = document.createElement("button");
    const at = (p: Spot | null) => (p ? written(p) : this.say("draw.unplaced"));
    text.textContent = `${this.say("draw.pair", { reference: at(pair.reference), own: at(pair.own) })} `;
    button.type = "button";
    button.textContent = this.say("draw.delete");
    button.setAttribute("aria-label", this.say("draw.delete.point", { n: n + 1 }));
    button.addEventListener("click", () => this.remove(n, "reference"));
    li.append(text, button);
    return li;
  }

  // at says where a point is.
  private at(side: Side, n: number, p: Spot): string {
    return this.say(`draw.point.${side}`, { n: n + 1, spot: written(p) });
  }

  private tally(): string {
    return this.say("draw.pairs", { n: this.list.filter((p) => p.reference && p.own).length });
  }
}
