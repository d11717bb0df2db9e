// Keys for moderators: J and K walk the rows; letters press what bears them. All of it works
// without: every row is a link, every answer a button.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("[data-walk] > li")];
  const keyed = new Map([...document.querySelectorAll("[data-key]")].map((it) => [it.dataset.key, it]));
  document.querySelectorAll("[data-keys]").forEach((it) => { it.hidden = false; });
  const first = (row) => row.querySelector("a, input");
  const step = (by) => {
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const to = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    if (rows[to]) first(rows[to]).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
    else if (keyed.has(key)) {
      const it = keyed.get(key);
      if (it.matches("details")) {
        it.open = true;
        it.querySelector("textarea, select").focus();
      } else {
        it.click();
        if (it.hash) document.querySelector(`${it.hash} select`)?.focus();
      }
    } else return;
    event.preventDefault();
  });
})();
