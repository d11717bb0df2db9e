// What is typed into a form is kept in this tab until it was sent: over a cut line, a way back, a
// page that the phone threw away. Never files, and nothing hidden. Comfort only.
// <form data-keeps="host" data-again="…" data-empty="…" data-offline="…"> … <div data-done-with="host">
"use strict";
(() => {
  const WITHOUT = new Set(["file", "hidden", "submit", "button", "password"]);
  const keyOf = (name) => "convoca:form:" + name;
  const typedIn = (form) => [...form.elements].filter((one) => one.name && !WITHOUT.has(one.type));
  const isChoice = (one) => one.type === "checkbox" || one.type === "radio";

  try {
    for (const done of document.querySelectorAll("[data-done-with]")) {
      sessionStorage.removeItem(keyOf(done.dataset.doneWith));
    }
    for (const form of document.querySelectorAll("form[data-keeps]")) keep(form);
  } catch { /* the device keeps nothing: the form still works */ }

  function keep(form) {
    const key = keyOf(form.dataset.keeps);
    const note = () => sessionStorage.setItem(key, JSON.stringify(typedIn(form)
      .filter((one) => !isChoice(one) || one.checked).map((one) => [one.name, one.value])));
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    if (form.dataset.typed) note();
    else if (kept && bring(form, kept)) {
      const empty = say(form, form.dataset.again, form.dataset.empty);
      empty.addEventListener("click", () => { sessionStorage.removeItem(key); location.reload(); });
    }
    form.addEventListener("input", note);
    form.addEventListener("change", note);
    form.addEventListener("submit", (sending) => {
      if (navigator.onLine) return;
      sending.preventDefault();
      setTimeout(() => delete form.dataset.sent);
      say(form, form.dataset.offline);
    });
  }

  // What the address filled in stands; whether anything was brought back.
  function bring(form, kept) {
    const isFilled = (one) => location.search && (isChoice(one) ? one.defaultChecked
      : one.options ? one.querySelector("option[selected]")?.value : one.defaultValue);
    let brought = false;
    for (const one of typedIn(form)) {
      if (isFilled(one)) continue;
      const values = kept.filter(([name]) => name === one.name).map(([, value]) => value);
      if (isChoice(one)) {
        brought ||= values.includes(one.value) && !one.checked;
        one.checked = values.includes(one.value);
      } else if (values.length && values[0] !== one.value) {
        one.value = values[0];
        brought = true;
      }
    }
    return brought;
  }

  function say(form, words, label) {
    form.querySelector("p.kept-here")?.remove();
    const line = document.createElement("p");
    line.className = "notice wait buttons kept-here";
    line.setAttribute("role", "status");
    line.append(words, " ");
    const button = document.createElement("button");
    if (label) {
      button.type = "button";
      button.className = "as-link";
      button.textContent = label;
      line.append(button);
      form.prepend(line);
    } else form.append(line);
    return button;
  }
})();
