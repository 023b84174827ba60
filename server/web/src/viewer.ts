// Deep zoom for the page of two images. It takes the place of the plain
// pictures once its first tile is there, and gives it back if none comes. The
// controls stay those of the plain page: pair.js tells their state by the event
// "pair-changed".
import OpenSeadragon from "openseadragon";
import { bar } from "./scale";
import { format, parse } from "./view";

interface Tiles {
  url: string;
  width: number;
  height: number;
  size: number;
  overlap: number;
  format: string;
}

interface State {
  mode: string; // swipe, blink, fade, side, difference or heat
  at: number; // swipe: where the border stands, 0 to 1 of the width
  mix: number; // fade: how opaque the image after is, 0 to 1
  after: boolean; // blink: which is shown
}

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

function source(t: Tiles): OpenSeadragon.TileSource {
  return new OpenSeadragon.TileSource({
    width: t.width,
    height: t.height,
    tileSize: t.size,
    tileOverlap: t.overlap,
    minLevel: 0,
    maxLevel: Math.ceil(Math.log2(Math.max(t.width, t.height, 1))),
    getTileUrl: (level: number, x: number, y: number) => `${t.url}${level}/${x}_${y}.${t.format}`,
  } as OpenSeadragon.TileSourceOptions);
}

function viewer(element: HTMLElement, label: string): OpenSeadragon.Viewer {
  const v = OpenSeadragon({
    element,
    drawer: "canvas",
    showNavigationControl: false,
    animationTime: still ? 0 : 0.6,
    immediateRender: still,
    maxZoomPixelRatio: 6,
    minZoomImageRatio: 0.8,
    visibilityRatio: 0.5,
    cooperativeGestures: true, // one finger and the wheel scroll the page
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    gestureSettingsTouch: { clickToZoom: false, dblClickToZoom: true, pinchRotate: false },
  } as OpenSeadragon.Options);
  new ResizeObserver(() => { v.forceResize(); v.forceRedraw(); }).observe(element);
  v.canvas.setAttribute("role", "group");
  v.canvas.setAttribute("aria-label", label);
  return v;
}

// The viewer would write a style element into the page, which the page's policy
// forbids. It leaves that if it finds one, so it is shown an element of that name
// which is none.
function forestall(): void {
  const mark = document.createElementNS("about:blank", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(mark);
}

// add lays a picture over what v shows, in the same place.
function add(v: OpenSeadragon.Viewer, what: OpenSeadragon.TileSource | { type: string; url: string }): Promise<OpenSeadragon.TiledImage> {
  return new Promise((done, failed) => {
    v.addTiledImage({
      tileSource: what as OpenSeadragon.TileSource,
      x: 0,
      y: 0,
      width: 1,
      success: (e) => done((e as unknown as { item: OpenSeadragon.TiledImage }).item),
      error: (e) => failed(e),
    });
  });
}

class Deep {
  private readonly before: Tiles;
  private readonly grid: number; // width of the grid in its pixels: views and scale count these
  private readonly main: OpenSeadragon.Viewer;
  private readonly bar: HTMLElement | null;
  private second: OpenSeadragon.Viewer | null = null;
  private after: OpenSeadragon.TiledImage | null = null;
  private readonly derived = new Map<string, Promise<OpenSeadragon.TiledImage>>();
  private state: State = { mode: "swipe", at: 0.5, mix: 0.5, after: false };
  private leading = false;

  constructor(private readonly box: HTMLElement, private readonly pair: HTMLElement) {
    this.before = JSON.parse(box.dataset.before!);
    box.style.setProperty("--shape", String(this.before.height / this.before.width));
    this.grid = Number(box.dataset.grid) || this.before.width;
    box.classList.add("is-loading"); // has its size already, and is not seen yet
    box.hidden = false;
    this.main = viewer(box.querySelector<HTMLElement>("[data-deep-view]")!, box.dataset.label ?? "");
    this.bar = box.querySelector("[data-deep-scale]");
  }

  async start(): Promise<void> {
    const shown = new Promise<void>((done, failed) => {
      this.main.addOnceHandler("tile-loaded", () => done());
      let lost = 0;
      this.main.addHandler("tile-load-failed", () => { if (++lost === 4) failed(new Error("tiles")); });
      setTimeout(() => failed(new Error("no tile in time")), 15000);
    });
    await add(this.main, source(this.before));
    this.after = await add(this.main, source(JSON.parse(this.box.dataset.after!)));
    await shown;
    this.box.classList.remove("is-loading");
    this.pair.classList.add("is-deep");
    this.outline(this.main);
    const swipe = this.pair.querySelector("[data-swipe]");
    if (swipe) this.box.querySelector("[data-deep-view]")!.append(swipe);
    this.buttons();
    this.pair.addEventListener("pair-changed", (e) => this.show((e as CustomEvent<State>).detail));
    this.main.addHandler("update-viewport", () => this.follow());
    this.main.addHandler("animation-finish", () => this.remember());
    const view = parse(this.box.dataset.view, this.grid);
    if (view) this.look(view.x, view.y, view.width);
    this.pair.dispatchEvent(new CustomEvent("pair-ask"));
  }

  // giveUp leaves the page as it was without deep zoom.
  giveUp(): void {
    this.main.destroy();
    this.box.hidden = true;
    this.box.classList.remove("is-loading");
    this.pair.classList.remove("is-deep");
  }

  private show(s: State): void {
    this.state = s;
    this.box.dataset.mode = s.mode;
    this.box.classList.toggle("is-after", s.after);
    void this.split(s.mode === "side");
    if (!this.after) return;
    this.after.setOpacity(s.mode === "fade" ? s.mix : s.mode === "swipe" ? 1 : s.mode === "blink" && s.after ? 1 : 0);
    for (const name of ["difference", "heat"]) void this.layer(name, s.mode === name);
    this.clip();
  }

  // layer shows or hides a derived picture; it is fetched when first asked for.
  private async layer(name: string, on: boolean): Promise<void> {
    const url = this.box.dataset[name];
    if (!url || (!on && !this.derived.has(name))) return;
    if (!this.derived.has(name)) this.derived.set(name, add(this.main, { type: "image", url }));
    (await this.derived.get(name)!).setOpacity(this.state.mode === name ? 1 : 0);
  }

  // clip uncovers the image after to the right of the border.
  private clip(): void {
    const image = this.after;
    if (!image) return;
    if (this.state.mode !== "swipe") {
      image.setClip(null as unknown as OpenSeadragon.Rect);
      return;
    }
    const width = this.main.container.clientWidth;
    const size = image.getContentSize();
    const x = image.viewerElementToImageCoordinates(new OpenSeadragon.Point(this.state.at * width, 0)).x;
    const left = Math.min(Math.max(x, 0), size.x);
    image.setClip(new OpenSeadragon.Rect(left, 0, Math.max(size.x - left, 0.001), size.y));
  }

  // split shows the image after in a viewer of its own, in step with the first.
  private async split(on: boolean): Promise<void> {
    const place = this.box.querySelector<HTMLElement>("[data-deep-second]")!;
    place.hidden = !on;
    if (!on || this.second) return;
    this.second = viewer(place, this.box.dataset.labelSecond ?? "");
    await add(this.second, source(JSON.parse(this.box.dataset.after!)));
    this.outline(this.second);
    const step = (from: OpenSeadragon.Viewer, to: OpenSeadragon.Viewer) => from.addHandler("update-viewport", () => {
      if (this.leading || this.state.mode !== "side") return;
      this.leading = true;
      to.viewport.zoomTo(from.viewport.getZoom(true), undefined, true);
      to.viewport.panTo(from.viewport.getCenter(true), true);
      this.leading = false;
    });
    step(this.main, this.second);
    step(this.second, this.main);
    this.second.viewport.zoomTo(this.main.viewport.getZoom(true), undefined, true);
    this.second.viewport.panTo(this.main.viewport.getCenter(true), true);
  }

  // outline copies the regions and tie points of the plain page onto v.
  private outline(v: OpenSeadragon.Viewer): void {
    this.pair.querySelectorAll(".side-after :is(.marks, .ties)").forEach((marks) => {
      const copy = marks.cloneNode(true) as HTMLElement;
      v.addOverlay({ element: copy, location: new OpenSeadragon.Rect(0, 0, 1, this.before.height / this.before.width) });
    });
  }

  private follow(): void {
    if (this.state.mode === "swipe") this.clip();
    const gsd = Number(this.box.dataset.gsd);
    if (!this.bar || !(gsd > 0)) return;
    // Grid pixels that one CSS pixel shows: the whole grid is 1 wide in viewport units.
    const across = this.main.viewport.getBounds(true).width * this.grid / this.main.container.clientWidth;
    const units = { m: this.box.dataset.m ?? "{m} m", km: this.box.dataset.km ?? "{km} km" };
    const b = bar(gsd * across, 140, units, document.documentElement.lang);
    this.bar.hidden = !b;
    if (!b) return;
    (this.bar.firstElementChild as HTMLElement).style.width = `${b.pixels}px`;
    this.bar.lastElementChild!.textContent = b.label;
  }

  private look(x: number, y: number, width: number): void {
    const w = this.grid, c = this.main.container;
    const height = width * c.clientHeight / Math.max(c.clientWidth, 1);
    this.main.viewport.fitBounds(new OpenSeadragon.Rect((x - width / 2) / w, (y - height / 2) / w, width / w, height / w), true);
  }

  // remember writes the view into the address and into the links to other modes.
  private remember(): void {
    const b = this.main.viewport.getBounds();
    const w = this.grid, centre = b.getCenter();
    const home = this.main.viewport.getHomeBounds();
    const whole = Math.abs(b.width - home.width) < 0.001 * home.width && Math.abs(b.x - home.x) < 0.001;
    const text = format({ x: centre.x * w, y: centre.y * w, width: b.width * w });
    const set = (address: string) => {
      const u = new URL(address);
      if (whole) u.searchParams.delete("view");
      else u.searchParams.set("view", text);
      return u.href;
    };
    if (location.search.includes("before=")) history.replaceState(null, "", set(location.href));
    document.querySelectorAll<HTMLAnchorElement>("[data-mode-link]").forEach((a) => { a.href = set(a.href); });
  }

  private buttons(): void {
    const on = (name: string, act: () => void) =>
      this.box.querySelector(`[data-deep-${name}]`)?.addEventListener("click", act);
    const zoom = (by: number) => { this.main.viewport.zoomBy(by); this.main.viewport.applyConstraints(); };
    on("in", () => zoom(1.6));
    on("out", () => zoom(1 / 1.6));
    on("home", () => this.main.viewport.goHome(still));
    on("region", () => {
      const shape = this.pair.querySelector<SVGPolygonElement>(".marks .region");
      if (!shape) return;
      const corners = Array.from(shape.points), xs = corners.map((p) => p.x), ys = corners.map((p) => p.y);
      const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
      this.look((left + right) / 2, (top + bottom) / 2, Math.max(right - left, bottom - top, 16) * 4);
      this.remember();
    });
  }
}

forestall();
document.querySelectorAll<HTMLElement>("[data-deep]").forEach((box) => {
  const pair = box.parentElement!.querySelector<HTMLElement>("[data-pair]");
  if (!pair) return;
  const deep = new Deep(box, pair);
  deep.start().catch(() => deep.giveUp());
});
