// Runs before the first paint: marks that scripts run, then adds what pages do
// better with one. Every page works without it.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  // Jobs: the server tells progress; when all is done the page is read again.
  /** @param {Element} box */
  const follow = (box) => {
    if (!(box instanceof HTMLElement) || !box.dataset.events) return;
    const bars = [...box.querySelectorAll("li")];
    const events = new EventSource(box.dataset.events);
    events.addEventListener("progress", (e) => {
      let job;
      try { job = JSON.parse(e.data); } catch { return; }
      const bar = bars[job.index] && bars[job.index].querySelector("progress");
      if (bar && job.total > 0) bar.value = job.done / job.total;
    });
    events.addEventListener("done", () => {
      events.close();
      location.reload();
    });
  };

  /** @param {Element} button */
  const copy = (button) => {
    if (!(button instanceof HTMLElement)) return;
    const from = document.getElementById(button.dataset.copy ?? "");
    const told = button.parentElement?.querySelector("[data-copied]");
    if (!(from instanceof HTMLTextAreaElement) || !told) return;
    button.addEventListener("click", async () => {
      from.select();
      try {
        await navigator.clipboard.writeText(from.value);
        told.textContent = button.dataset.copiedText ?? "";
      } catch {
        told.textContent = button.dataset.selectedText ?? "";
      }
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-events]").forEach(follow);
    document.querySelectorAll("[data-copy]").forEach(copy);
    const errors = document.querySelector(".form-errors");
    if (errors instanceof HTMLElement) errors.focus();
  });
})();
