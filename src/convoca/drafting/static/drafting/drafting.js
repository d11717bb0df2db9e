// Comfort only: while a found thing is in hand, its passage shows in the text, and the other way.
"use strict";
(() => {
  const marks = [...document.querySelectorAll(".as-read mark")];
  const text = document.querySelector(".passages");
  const of = (mark) => mark.dataset.of.split(" ");
  const beside = () => text && getComputedStyle(text).overflowY === "auto";
  let shown = "";
  const show = (id) => {
    if (id === shown) return;
    shown = id;
    let first = null;
    for (const mark of marks) {
      const is = Boolean(id) && of(mark).includes(id);
      mark.classList.toggle("now", is);
      if (is && !first) first = mark;
    }
    if (first && beside()) {
      const gone = first.getBoundingClientRect(), frame = text.getBoundingClientRect();
      if (gone.top < frame.top || gone.bottom > frame.bottom) text.scrollTop += gone.top - frame.top - frame.height / 3;
    }
  };
  for (const item of document.querySelectorAll("[data-item]")) {
    const id = item.dataset.item;
    item.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") show(id); });
    item.addEventListener("focusin", () => show(id));
  }
  for (const mark of marks) {
    const point = (on) => of(mark).forEach((id) => document.getElementById(id)?.classList.toggle("now", on));
    mark.addEventListener("pointerenter", () => point(true));
    mark.addEventListener("pointerleave", () => point(false));
  }
  // A passage leads to its item: where that lies folded away, it is opened.
  addEventListener("hashchange", () => {
    const item = document.getElementById(location.hash.slice(1));
    item?.closest("details")?.setAttribute("open", "");
    item?.scrollIntoView({ block: "nearest" });
  });
})();
