// Many files at once, each sent in pieces by the tus protocol, so that it goes on
// where it was after the line dropped, the service stopped or the page was loaded again.
"use strict";
(() => {
  const piece = 4 << 20; // bytes sent at a time
  const atOnce = 3;
  const box = document.querySelector("[data-uploads]");
  if (!(box instanceof HTMLElement)) return;
  const $ = (name, from = box) => from.querySelector(`[data-${name}]`);
  const list = $("list"), row = $("row"), summary = $("summary"), addAll = $("add-all");
  const api = "/api/v1/uploads";
  const rows = [];

  // SHA-256 (FIPS 180-4) of a file as it is read, for files larger than memory.
  const primes = (n) => {
    const out = [];
    for (let c = 2; out.length < n; c++) if (out.every((p) => c % p)) out.push(c);
    return out;
  };
  const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
  const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
  const begin = () => Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));
  const W = new Int32Array(64);
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

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));
  const tus = (method, url, head = {}, body = undefined) =>
    fetch(url, { method, body, headers: { "Tus-Resumable": "1.0.0", ...head } });
  // Refused is what trying again doesn't mend.
  class Refused extends Error {}
  const problem = async (r) => {
    const p = await r.json().catch(() => ({}));
    return [...(p.errors ?? []).map((e) => e.message), p.detail ?? "The service refused it."];
  };

  const create = async (u) => {
    const r = await tus("POST", api, {
      "Upload-Length": String(u.file.size),
      "Upload-Metadata": `location ${base64(box.dataset.location)},filename ${base64(u.file.name)}`,
    });
    if (r.status !== 201) throw r.status < 500 && r.status !== 429 ? new Refused((await problem(r)).join(" ")) : new Error();
    u.url = new URL(r.headers.get("Location")).pathname;
    localStorage.setItem(u.key, u.url);
    return 0;
  };
  // Where an upload goes on; it begins anew where the service has forgotten it.
  const offset = async (u) => {
    if (!u.url) return create(u);
    const r = await tus("HEAD", u.url);
    if (r.status === 404) { localStorage.removeItem(u.key); u.url = ""; return create(u); }
    if (r.status === 401 || r.status === 403) throw new Refused("Sign in again, load this page and choose the file once more: it goes on from here.");
    if (!r.ok) throw new Error();
    return Number(r.headers.get("Upload-Offset"));
  };
  const send = async (u) => {
    for (let fails = 0; !u.stopped;) {
      try {
        for (let at = await offset(u); ; ) {
          show(u, at);
          if (at >= u.file.size || u.stopped) return;
          const r = await tus("PATCH", u.url, { "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" }, u.file.slice(at, at + piece));
          if (r.status !== 204) throw r.status === 413 ? new Refused("The file is larger than it said.") : new Error();
          at = Number(r.headers.get("Upload-Offset"));
          fails = 0;
        }
      } catch (e) {
        if (e instanceof Refused) throw e;
        u.state.textContent = "The line dropped; trying again";
        await wait(Math.min(500 * 2 ** fails++, 30000));
      }
    }
  };
  const show = (u, at) => {
    u.progress.value = at / u.file.size;
    u.state.textContent = `${Math.floor((100 * at) / u.file.size)} %`;
  };

  const arrived = async (u) => {
    const r = await tus("GET", u.url);
    if (!r.ok) throw new Refused("The service lost it. Choose the file again.");
    const d = await r.json();
    if (d.taken) { localStorage.removeItem(u.key); return told(u, d); }
    $("there", u.li).textContent = d.sha256;
    u.here = await u.hashed;
    if (u.here !== d.sha256) throw new Refused("What arrived is not what is here: give it up and choose the file again.");
    u.state.textContent = "Arrived whole; say when it was taken";
    const says = $("says", u.li);
    if (!d.says) {
      says.textContent = "It says nothing of itself that is read here.";
    } else {
      const dates = d.says.dates.map((t) => `${t.value} (${t.tag}, ${t.means})`).join("; ");
      says.textContent = `The file says: ${d.says.format.toUpperCase()}, ${d.says.width} × ${d.says.height} px${dates ? "; " + dates : "; no date"}.`;
    }
    u.ready = true;
    refresh();
  };
  const told = (u, d) => {
    u.ready = false;
    u.done = true;
    $("there", u.li).textContent = d.sha256;
    u.state.textContent = d.taken.known ? "Held already: nothing was stored again" : `Added as ${d.taken.file}`;
    say(u, d.taken.warnings.map((w) => w.text));
    $("stop", u.li).hidden = true;
    refresh();
  };
  const say = (u, lines) => {
    $("told", u.li).replaceChildren(...lines.map((t) => Object.assign(document.createElement("li"), { textContent: t })));
  };
  const add = async (u) => {
    u.ready = false;
    refresh();
    const form = new URLSearchParams({ acquired: $("date", u.li).value });
    for (const name of ["basis", "source", "publisher", "platform"]) form.set(name, document.getElementById("f-" + name).value);
    try {
      const r = await fetch(u.url, { method: "POST", body: form, headers: { Accept: "application/json" } });
      if (r.ok) { localStorage.removeItem(u.key); return told(u, await r.json()); }
      say(u, await problem(r));
    } catch {
      say(u, ["The line dropped. Try again: it is added once."]);
    }
    u.ready = true;
    refresh();
  };
  const refresh = () => {
    for (const u of rows) $("add", u.li).disabled = !u.ready;
    addAll.disabled = !rows.some((u) => u.ready);
    summary.textContent = `${rows.filter((u) => u.done).length} of ${rows.length} added, ${rows.filter((u) => u.ready).length} ready`;
  };

  let busy = 0;
  const next = async () => {
    const u = rows.find((r) => !r.begun && !r.stopped);
    if (!u || busy >= atOnce) return;
    busy++;
    u.begun = true;
    try {
      await send(u);
      if (!u.stopped) await arrived(u);
    } catch (e) {
      u.state.textContent = e instanceof Error && e.message ? e.message : "It could not be sent.";
    }
    busy--;
    next();
  };
  const take = (files) => {
    for (const file of files) {
      const li = row.content.firstElementChild.cloneNode(true);
      const u = { file, li, key: `upload|${box.dataset.location}|${file.name}|${file.size}|${file.lastModified}`, progress: $("progress", li), state: $("state", li) };
      u.url = localStorage.getItem(u.key) ?? "";
      const id = `upload-${rows.length + 1}`;
      $("name", li).textContent = file.name;
      u.progress.setAttribute("aria-label", `${file.name} sent`);
      $("date", li).id = id;
      $("date-label", li).htmlFor = id;
      $("date-label", li).textContent = `When ${file.name} was taken`;
      $("add", li).addEventListener("click", () => add(u));
      $("stop", li).addEventListener("click", () => {
        u.stopped = true;
        u.ready = false;
        localStorage.removeItem(u.key);
        if (u.url) tus("DELETE", u.url).catch(() => {});
        li.remove();
        rows.splice(rows.indexOf(u), 1);
        refresh();
        document.getElementById("f-files").focus();
      });
      list.append(li);
      rows.push(u);
      if (file.size === 0 || file.size > Number(box.dataset.max)) {
        u.stopped = true;
        u.state.textContent = file.size ? "The file is larger than is taken here." : "The file is empty.";
        continue;
      }
      u.hashed = sha256(file).then((d) => { $("here", li).textContent = d; return d; });
      next();
    }
    refresh();
  };
  const input = document.getElementById("f-files");
  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  addAll.addEventListener("click", async () => { for (const u of rows.filter((r) => r.ready)) await add(u); });
  const drop = $("drop");
  drop.addEventListener("dragover", (e) => e.preventDefault());
  drop.addEventListener("drop", (e) => { e.preventDefault(); take(e.dataTransfer.files); });
})();
