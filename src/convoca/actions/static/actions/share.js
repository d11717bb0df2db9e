// A phone's own share sheet. Without it the buttons stay hidden: the links beside them do the same.
// <button data-share="https://…" data-title="…" data-text="…" hidden>Share from this phone</button>
"use strict";
if (navigator.share) {
  for (const button of document.querySelectorAll("button[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const { share: url, title, text } = button.dataset;
      navigator.share({ url, title, text }).catch(() => { /* closed again, nothing was sent */ });
    });
  }
}
