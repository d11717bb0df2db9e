// Comforts only: every page and form works without this file.
"use strict";
(() => {
  // Public pages that were opened can be opened again without a net: web/offline.py.
  const { worker } = document.currentScript.dataset;
  const workers = navigator.serviceWorker;
  if (worker && workers && !workers.controller) {
    addEventListener("load", () => workers.register(worker).catch(() => {}));
    workers.ready.then((own) => own.active.postMessage("opened"));
  }

  // A long text is kept on this device until it is sent, and offered back.
  // <textarea data-keep="text-12-es" data-kept-offer="…" data-kept-take="…" data-kept-drop="…">
  for (const area of document.querySelectorAll("textarea[data-keep]")) {
    const key = "convoca:" + location.pathname + ":" + area.dataset.keep;
    const sent = area.defaultValue;
    let kept = null;
    try { kept = localStorage.getItem(key); } catch { continue; }
    if (kept === area.value) localStorage.removeItem(key);
    else if (kept !== null && area.dataset.keptOffer) offer(area, kept, key);
    area.addEventListener("input", () => {
      try {
        if (area.value === sent) localStorage.removeItem(key);
        else localStorage.setItem(key, area.value);
      } catch { /* the device keeps nothing: the page still works */ }
    });
    area.form?.addEventListener("submit", () => { area.dataset.sent = "yes"; });
  }

  function offer(area, kept, key) {
    const line = document.createElement("p");
    line.className = "notice wait buttons";
    line.append(area.dataset.keptOffer, " ");
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "as-link";
      made.textContent = label;
      made.addEventListener("click", () => { act(); line.remove(); area.focus(); });
      line.append(made, " ");
    };
    button(area.dataset.keptTake, () => { area.value = kept; area.dispatchEvent(new Event("input", { bubbles: true })); });
    button(area.dataset.keptDrop, () => localStorage.removeItem(key));
    area.before(line);
  }

  addEventListener("beforeunload", (leaving) => {
    const open = [...document.querySelectorAll("textarea")].some(
      (area) => area.value !== area.defaultValue && area.value.length > 200 && !area.dataset.sent && !area.form?.dataset.sent);
    if (open) leaving.preventDefault();
  });
  addEventListener("submit", (sending) => { sending.target.dataset.sent = "yes"; });

  // <button data-copy="https://…" data-copied="Copied" hidden>Copy the link</button>
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("button[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        if (button.dataset.copied) button.textContent = button.dataset.copied;
      });
    }
  }

  // <time datetime="2027-10-05T17:00Z" data-zone="America/Lima" data-yours="Your time: {time}">
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const time of document.querySelectorAll("time[data-zone][data-yours]")) {
    const at = new Date(time.dateTime);
    if (!mine || mine === time.dataset.zone || isNaN(at)) continue;
    const language = document.documentElement.lang.replace(/^en$/, "en-GB");  // as the pages write it
    const shown = (zone) => new Intl.DateTimeFormat(language, { weekday: "short", hour: "2-digit",
      minute: "2-digit", hourCycle: "h23", timeZone: zone }).format(at);
    let same = true;
    try { same = shown(mine) === shown(time.dataset.zone); } catch { continue; }
    if (same) continue;
    const line = document.createElement("span");
    line.className = "note yours";
    line.textContent = " " + time.dataset.yours.replace("{time}", shown(mine));
    time.after(line);
  }
})();
