// Many files at once, each sent in pieces by the tus protocol, so that it goes on
// where it was after the line dropped, the service stopped or the page was loaded again.
"use strict";
(() => {
  /**
   * @typedef {object} Upload a file on its way
   * @property {File} file
   * @property {HTMLElement} li its row of the page
   * @property {string} key where the browser keeps its address
   * @property {string} url its address; "" where it has none yet
   * @property {Promise<string>} hashed its SHA-256 as it lies here
   * @property {boolean} begun
   * @property {boolean} ready it arrived whole, and can be added
   * @property {boolean} done
   * @property {boolean} stopped given up
   */
  const piece = 4 << 20; // bytes sent at a time
  const atOnce = 3;
  const box = document.querySelector("[data-uploads]");
  if (!(box instanceof HTMLElement)) return;
  const say = voiceOf(box);
  /**
   * @param {string} name
   * @param {ParentNode} from
   */
  const part = (name, from = box) => /** @type {HTMLElement} */ (from.querySelector(`[data-${name}]`));
  /** @param {string} id */
  const field = (id) => /** @type {HTMLInputElement | HTMLSelectElement} */ (document.getElementById(id));
  /** @param {Upload} u */
  const date = (u) => /** @type {HTMLInputElement} */ (part("date", u.li));
  /**
   * @param {Upload} u
   * @param {string} text
   */
  const state = (u, text) => { part("state", u.li).textContent = text; };
  const addAll = /** @type {HTMLButtonElement} */ (part("add-all"));
  const api = "/api/v1/uploads";
  const lang = `?lang=${document.documentElement.lang}`; // of what the service says
  /** @type {Upload[]} */
  const rows = [];

  // SHA-256 (FIPS 180-4) of a file as it is read, for files larger than memory.
  /** @param {number} n */
  const primes = (n) => {
    /** @type {number[]} */
    const out = [];
    for (let c = 2; out.length < n; c++) if (out.every((p) => c % p)) out.push(c);
    return out;
  };
  /** @param {number} x */
  const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
  const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
  const begin = () => Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));
  const W = new Int32Array(64);
  /**
   * @param {Int32Array} H
   * @param {Uint8Array} bytes
   * @param {number} at
   */
  const block = (H, bytes, at) => {
    for (let i = 0; i < 16; i++, at += 4) W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = W[i - 15], y = W[i - 2];
      const s = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const t = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      W[i] = (W[i - 16] + s + W[i - 7] + t) | 0;
    }
    let [a, b, c, d, e, f, g, h] = H;
    for (let i = 0; i < 64; i++) {
      const s = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t = (h + s + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      const u = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const v = (u + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + v) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { H[i] = (H[i] + x) | 0; });
  };
  /** @param {File} file */
  const sha256 = async (file) => {
    const H = begin();
    for (let at = 0; at < file.size; at += piece) {
      const bytes = new Uint8Array(await file.slice(at, at + piece).arrayBuffer());
      const whole = bytes.length - (bytes.length % 64);
      for (let i = 0; i < whole; i += 64) block(H, bytes, i);
      if (at + piece < file.size) { await new Promise((go) => setTimeout(go)); continue; }
      const rest = bytes.length - whole;
      const end = new Uint8Array(rest < 56 ? 64 : 128);
      end.set(bytes.subarray(whole));
      end[rest] = 0x80;
      new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(file.size) * 8n);
      for (let i = 0; i < end.length; i += 64) block(H, end, i);
    }
    return Array.from(H, (x) => (x >>> 0).toString(16).padStart(8, "0")).join("");
  };

  /** @param {string} text */
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  /** @param {number} ms */
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
  /**
   * @param {string} method
   * @param {string} url
   * @param {Record<string, string>} head
   * @param {Blob} [body]
   */
  const tus = (method, url, head = {}, body) =>
    fetch(url + lang, { method, body, headers: { "Tus-Resumable": "1.0.0", ...head } });
  // Refused is what trying again doesn't mend.
  class Refused extends Error {}
  /** @param {Response} r @returns {Promise<string[]>} */
  const problem = async (r) => {
    const p = await r.json().catch(() => ({}));
    /** @type {{message: string}[]} */
    const errors = p.errors ?? [];
    return errors.length > 0 ? errors.map((e) => e.message) : [p.detail ?? say("uploads.refused")];
  };

  /** @param {Upload} u */
  const create = async (u) => {
    const r = await tus("POST", api, {
      "Upload-Length": String(u.file.size),
      "Upload-Metadata": `location ${base64(box.dataset.location ?? "")},filename ${base64(u.file.name)}`,
    });
    if (r.status !== 201) throw r.status < 500 && r.status !== 429 ? new Refused((await problem(r)).join(" ")) : new Error();
    u.url = new URL(r.headers.get("Location") ?? "").pathname;
    localStorage.setItem(u.key, u.url);
    return 0;
  };
  /**
   * Where an upload goes on; it begins anew where the service has forgotten it.
   * @param {Upload} u
   * @returns {Promise<number>}
   */
  const offset = async (u) => {
    if (!u.url) return create(u);
    const r = await tus("HEAD", u.url);
    if (r.status === 404) { localStorage.removeItem(u.key); u.url = ""; return create(u); }
    if (r.status === 401 || r.status === 403) throw new Refused(say("uploads.sign-in"));
    if (!r.ok) throw new Error();
    return Number(r.headers.get("Upload-Offset"));
  };
  /**
   * @param {Upload} u
   * @param {number} at
   */
  const share = (u, at) => say("share", { n: Math.floor((100 * at) / u.file.size) });
  /** @param {Upload} u */
  const send = async (u) => {
    for (let fails = 0; !u.stopped;) {
      try {
        let at = await offset(u);
        show(u, at);
        if (at > 0) state(u, say("uploads.goes-on", { share: share(u, at) }));
        while (at < u.file.size && !u.stopped) {
          const r = await tus("PATCH", u.url, { "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" }, u.file.slice(at, at + piece));
          if (r.status !== 204) throw r.status === 413 ? new Refused(say("uploads.larger")) : new Error();
          at = Number(r.headers.get("Upload-Offset"));
          fails = 0;
          show(u, at);
        }
        if (!u.stopped) await arrived(u);
        return;
      } catch (e) {
        if (e instanceof Refused) throw e;
        state(u, say("uploads.dropped"));
        await wait(Math.min(500 * 2 ** fails++, 30000));
      }
    }
  };
  /**
   * @param {Upload} u
   * @param {number} at
   */
  const show = (u, at) => {
    /** @type {HTMLProgressElement} */ (part("progress", u.li)).value = at / u.file.size;
    state(u, share(u, at));
  };

  /** @param {Upload} u */
  const arrived = async (u) => {
    const r = await tus("GET", u.url);
    if (r.status === 404) throw new Refused(say("uploads.lost"));
    if (!r.ok) throw new Error();
    const d = await r.json();
    if (d.taken) { localStorage.removeItem(u.key); return told(u, d); }
    part("there", u.li).textContent = d.sha256;
    if (await u.hashed !== d.sha256) throw new Refused(say("uploads.altered"));
    state(u, say("uploads.arrived"));
    part("says", u.li).textContent = d.says ? itself(d.says) : say("uploads.silent");
    u.ready = true;
    refresh();
  };
  /**
   * What a file says of itself.
   * @param {{format: string, width: number, height: number, dates: {value: string, tag: string, means: string}[]}} s
   */
  const itself = (s) => {
    const dates = s.dates.map((d) => say("file.date", { date: d.value, tag: d.tag, means: say(`file.means.${d.means}`) }));
    return say("uploads.says", {
      format: s.format.toUpperCase(), width: s.width, height: s.height,
      dates: dates.length > 0 ? dates.join(say("list.semicolon")) : say("uploads.undated"),
    });
  };
  /**
   * @param {Upload} u
   * @param {{sha256: string, taken: {known: boolean, file: string}, said: string[] | undefined}} d
   */
  const told = (u, d) => {
    u.ready = false;
    u.done = true;
    part("there", u.li).textContent = d.sha256;
    state(u, d.taken.known ? say("uploads.held") : say("uploads.added", { file: d.taken.file }));
    tell(u, d.said ?? []);
    part("stop", u.li).hidden = true;
    refresh();
  };
  /**
   * @param {Upload} u
   * @param {string[]} lines
   */
  const tell = (u, lines) => {
    part("told", u.li).replaceChildren(...lines.map((t) => Object.assign(document.createElement("li"), { textContent: t })));
  };
  /** @param {Upload} u */
  const add = async (u) => {
    u.ready = false;
    refresh();
    const form = new URLSearchParams({ acquired: date(u).value });
    for (const name of ["basis", "source", "publisher", "platform"]) form.set(name, field("f-" + name).value);
    try {
      const r = await fetch(u.url + lang, { method: "POST", body: form, headers: { Accept: "application/json" } });
      if (r.ok) { localStorage.removeItem(u.key); return told(u, await r.json()); }
      tell(u, await problem(r));
    } catch {
      tell(u, [say("uploads.again")]);
    }
    u.ready = true;
    refresh();
  };
  const refresh = () => {
    for (const u of rows) /** @type {HTMLButtonElement} */ (part("add", u.li)).disabled = !u.ready;
    addAll.disabled = !rows.some((u) => u.ready);
    const count = (/** @type {(u: Upload) => boolean} */ what) => rows.filter(what).length;
    part("summary").textContent = say("uploads.tally", { done: count((u) => u.done), all: rows.length, ready: count((u) => u.ready) });
  };

  let busy = 0;
  const next = async () => {
    const u = rows.find((r) => !r.begun && !r.stopped);
    if (!u || busy >= atOnce) return;
    busy++;
    u.begun = true;
    try {
      await send(u);
    } catch (e) {
      state(u, e instanceof Error && e.message ? e.message : say("uploads.unsent"));
    }
    busy--;
    next();
  };
  /** @param {Upload} u */
  const giveUp = (u) => {
    u.stopped = true;
    u.ready = false;
    localStorage.removeItem(u.key);
    if (u.url) tus("DELETE", u.url).catch(() => {});
    u.li.remove();
    rows.splice(rows.indexOf(u), 1);
    refresh();
    field("f-files").focus();
  };
  const row = /** @type {HTMLTemplateElement} */ (box.querySelector("[data-row]"));
  let brought = 0;
  /** @param {Iterable<File>} files */
  const take = (files) => {
    for (const file of files) {
      const li = /** @type {HTMLElement} */ (/** @type {Element} */ (row.content.firstElementChild).cloneNode(true));
      const key = `upload|${box.dataset.location}|${file.name}|${file.size}|${file.lastModified}`;
      /** @type {Upload} */
      const u = { file, li, key, url: localStorage.getItem(key) ?? "", hashed: Promise.resolve(""), begun: false, ready: false, done: false, stopped: false };
      part("name", li).textContent = file.name;
      part("progress", li).setAttribute("aria-label", say("uploads.sent", { file: file.name }));
      date(u).id = `upload-${++brought}`;
      const label = /** @type {HTMLLabelElement} */ (part("date-label", li));
      label.htmlFor = date(u).id;
      label.textContent = say("uploads.date", { file: file.name });
      part("add", li).addEventListener("click", () => add(u));
      part("stop", li).addEventListener("click", () => giveUp(u));
      part("list").append(li);
      rows.push(u);
      if (file.size === 0 || file.size > Number(box.dataset.max)) {
        u.stopped = true;
        state(u, say(file.size ? "uploads.large" : "uploads.empty"));
        continue;
      }
      u.hashed = sha256(file).then((d) => { part("here", li).textContent = d; return d; }, () => ""); // which no digest is
      next();
    }
    refresh();
  };
  const input = /** @type {HTMLInputElement} */ (field("f-files"));
  input.addEventListener("change", () => { take([...input.files ?? []]); input.value = ""; });
  addAll.addEventListener("click", async () => { for (const u of rows.filter((r) => r.ready)) await add(u); });
  const drop = part("drop");
  drop.addEventListener("dragover", (e) => e.preventDefault());
  drop.addEventListener("drop", (e) => { e.preventDefault(); take([...e.dataTransfer?.files ?? []]); });
})();
