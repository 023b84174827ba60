// Two pictures on one grid: swipe, fade, blink. A native range input does the
// work, so keyboard, touch and screen readers come with it.
"use strict";
(() => {
  const BLINK = 900; // ms for each picture: under three flashes a second, as WCAG 2.3.1 asks
  const STRIDE = 2; // per cent of the width for an arrow key; a tenth of it with Shift
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param {HTMLElement} pair */
  const setUp = (pair) => {
    /** @param {string} s @returns {any} an element that the page's template put there, or null */
    const find = (s) => pair.querySelector(s);
    /** @type {HTMLInputElement | null} */
    const swipe = find("[data-swipe]");
    /** @type {HTMLInputElement | null} */
    const fade = find("[data-fade]");
    /** @type {HTMLButtonElement} */
    const play = find("[data-play]");
    /** @type {HTMLButtonElement} */
    const flip = find("[data-flip]");
    /** @type {HTMLElement} */
    const shown = find("[data-shown]");
    let timer = 0;

    // Whoever draws the pair in another way listens to this.
    const tell = () => pair.dispatchEvent(new CustomEvent("pair-changed", {
      detail: {
        mode: pair.dataset.mode,
        at: swipe ? Number(swipe.value) / 100 : 0.5,
        mix: fade ? Number(fade.value) / 100 : 0.5,
        after: pair.classList.contains("is-after"),
      },
    }));

    const swiped = () => {
      if (!swipe) return;
      const at = Number(swipe.value);
      pair.style.setProperty("--at", at + "%");
      pair.style.setProperty("--chip", at > 92 ? "0" : "1");
      swipe.setAttribute("aria-valuetext", (pair.dataset.swiped || "").replace("{before}", String(Math.round(at))).replace("{after}", String(Math.round(100 - at))));
      tell();
    };
    const faded = () => {
      pair.style.setProperty("--mix", String(Number(fade?.value ?? 50) / 100));
      tell();
    };

    const turn = () => {
      const after = pair.classList.toggle("is-after");
      shown.textContent = (after ? shown.dataset.after : shown.dataset.before) ?? "";
      tell();
    };
    /** @param {boolean} on */
    const run = (on) => {
      clearInterval(timer);
      timer = on ? setInterval(turn, BLINK) : 0;
      play.textContent = (on ? play.dataset.pause : play.dataset.play) ?? "";
    };

    /** @param {string} mode */
    const show = (mode) => {
      pair.dataset.mode = mode;
      run(mode === "blink" && !still.matches);
      tell();
    };

    // The range is fine enough for a mouse; keys go in strides.
    /** @param {KeyboardEvent} e */
    const stride = (e) => {
      /** @type {Record<string, number>} */
      const strides = { ArrowLeft: -STRIDE, ArrowDown: -STRIDE, ArrowRight: STRIDE, ArrowUp: STRIDE };
      const by = strides[e.key];
      if (!swipe || !by || e.altKey || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      swipe.value = String(Number(swipe.value) + (e.shiftKey ? by / 10 : by));
      swiped();
    };
    if (swipe) {
      swipe.addEventListener("input", swiped);
      swipe.addEventListener("keydown", stride);
      swiped();
    }
    if (fade) { fade.addEventListener("input", faded); faded(); }
    play.addEventListener("click", () => run(!timer));
    flip.addEventListener("click", () => { run(false); turn(); });
    shown.textContent = shown.dataset.before ?? "";
    pair.addEventListener("pair-ask", tell);
    pair.addEventListener("pair-mode", (e) => show(/** @type {CustomEvent<string>} */ (e).detail));
    show(pair.dataset.mode ?? "swipe");
  };

  // Links to other modes switch in place and leave their address behind, so
  // that it can be sent on.
  /** @param {HTMLAnchorElement[]} links */
  const setLinks = (links) => {
    links.forEach((link) => link.addEventListener("click", (e) => {
      if (e.metaKey || e.ctrlKey || e.shiftKey || e.button) return;
      e.preventDefault();
      links.forEach((l) => l.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "true");
      const to = new URL(link.href);
      const view = new URL(location.href).searchParams.get("view");
      if (view) to.searchParams.set("view", view);
      history.replaceState(null, "", to);
      document.querySelectorAll("[data-pair]").forEach((el) =>
        el.dispatchEvent(new CustomEvent("pair-mode", { detail: link.dataset.modeLink })));
    }));
  };

  const start = () => {
    document.querySelectorAll("[data-pair]").forEach((pair) => { if (pair instanceof HTMLElement) setUp(pair); });
    setLinks([...document.querySelectorAll("[data-mode-link]")].filter((a) => a instanceof HTMLAnchorElement));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
