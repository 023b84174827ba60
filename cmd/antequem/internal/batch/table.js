"use strict";
(() => {
  const table = document.getElementById("results");
  const body = table.tBodies[0];
  const controls = document.getElementById("controls");
  const search = document.getElementById("search");
  const which = document.getElementById("which");
  const shown = document.getElementById("shown");
  const rows = Array.from(body.rows, (row, at) => ({ row, at, text: row.textContent.toLowerCase(), words: row.dataset.words.split(" ") }));

  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let n = 0;
    for (const r of rows) {
      const show = r.text.includes(wanted) && (which.value === "" || r.words.includes(which.value));
      if (r.row.hidden === show) r.row.hidden = !show;
      if (show) n++;
    }
    shown.textContent = n + " of " + rows.length + " shown";
  };

  // What has no value stays last, whichever way the others are sorted.
  const sort = (column, numbers, down) => {
    const collator = new Intl.Collator(undefined, { numeric: true });
    const keyed = rows.map((r) => {
      const cell = r.row.cells[column];
      return { r, key: cell ? cell.dataset.by || "" : "" };
    });
    keyed.sort((a, b) => {
      if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "") || a.r.at - b.r.at;
      const d = numbers ? Number(a.key) - Number(b.key) : collator.compare(a.key, b.key);
      return (down ? -d : d) || a.r.at - b.r.at;
    });
    const all = document.createDocumentFragment();
    for (const k of keyed) all.append(k.r.row);
    body.append(all);
  };

  for (const th of table.tHead.rows[0].cells) {
    if (!th.dataset.sort) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = th.textContent;
    th.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = th.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(th.cellIndex, th.dataset.sort === "number", down);
    });
  }
  controls.addEventListener("submit", (e) => e.preventDefault());
  search.addEventListener("input", filter);
  which.addEventListener("change", filter);
  controls.hidden = false;
  filter();
})();
