// After an autosave: what was saved counts as sent, so that leaving asks no question and the draft
// on this device goes. Where the line is cut, the page says so; convoca.js has kept the words.
"use strict";
(() => {
  const holder = (event) => event.target?.closest?.("[data-autosave]");
  const sent = new WeakMap();

  addEventListener("htmx:config:request", (event) => {
    for (const area of holder(event)?.querySelectorAll("textarea") ?? []) sent.set(area, area.value);
  });

  addEventListener("htmx:after:request", (event) => {
    const box = holder(event);
    if (!box) return;
    if (event.detail?.ctx?.response?.status !== 200) return;
    said(box, "");
    for (const area of box.querySelectorAll("textarea")) {
      if (!sent.has(area)) continue;
      area.defaultValue = sent.get(area);
      if (area.value === area.defaultValue && area.dataset.keep) {
        try { localStorage.removeItem("convoca:" + location.pathname + ":" + area.dataset.keep); } catch { /* it keeps nothing */ }
      }
    }
  });

  addEventListener("htmx:error", (event) => {
    const box = holder(event);
    if (box && !event.detail?.ctx?.response) said(box, box.dataset.autosave);
  });

  function said(box, words) {
    let line = box.querySelector(".notice.cut");
    if (!words) return line?.remove();
    if (!line) {
      line = document.createElement("p");
      line.className = "notice wait cut";
      line.setAttribute("role", "status");
      box.querySelector("textarea").after(line);
    }
    line.textContent = words;
  }
})();
