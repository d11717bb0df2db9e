/* Ticks are kept while there is no net, and sent when it is back. Only ids and numbers are kept on
   the phone: each says how many are here, so sending one twice changes nothing. */
(function () {
  const place = document.querySelector("[data-arrivals]");
  if (!place) return;
  const key = "arrivals:" + place.dataset.arrivals;
  const waits = place.querySelector("[data-waits]");
  const read = () => { try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; } };
  const keep = (queue) => {
    if (Object.keys(queue).length) localStorage.setItem(key, JSON.stringify(queue));
    else localStorage.removeItem(key);
    waits.hidden = !Object.keys(queue).length;
  };
  const target = document.querySelector("form[data-walk-ins]").action;
  let busy = false, later = 0;

  /* The row as the server would draw it: the number, and the buttons that fit it. */
  function show(who, number) {
    const row = place.querySelector('[data-who="' + CSS.escape(who) + '"]');
    if (!row) return;
    row.querySelector("[data-count]").textContent = number;
    const here = Number(number), isFull = here >= Number(row.dataset.people);
    const more = row.querySelector("[data-more]"), all = row.querySelector("[data-all]");
    const none = row.querySelector("[data-none]"), pressed = row.contains(document.activeElement);
    if (more) { more.hidden = isFull; more.value = here + 1; }
    all.hidden = isFull;
    none.hidden = !here;
    if (pressed && document.activeElement.hidden) (isFull ? none : all).focus();
  }
  /* One after the other; what the server takes, or says no to for good, is done with. */
  async function flush() {
    if (busy) return;
    busy = true;
    let sent = 0;
    try {
      for (const [who, number] of Object.entries(read())) {
        const body = new URLSearchParams(who === "walk-ins" ? { walk_ins: number } : { who: who, arrived: number });
        const answer = await fetch(target, { method: "POST", body: body, redirect: "manual" });
        if (answer.type !== "opaqueredirect" && (answer.status >= 500 || answer.status === 429)) break;
        const queue = read();
        if (queue[who] === number) { delete queue[who]; keep(queue); }
        sent += 1;
      }
    } catch { /* no net: it is all still kept */ }
    busy = false;
    if (Object.keys(read()).length) { clearTimeout(later); later = setTimeout(flush, 15000); keep(read()); }
    else if (sent) location.reload();
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.action !== target) return;
    event.preventDefault();
    const queue = read();
    if (form.matches("[data-walk-ins]")) queue["walk-ins"] = form.elements.walk_ins.value || "0";
    else {
      const who = form.elements.who.value, number = event.submitter ? event.submitter.value : "0";
      queue[who] = number;
      show(who, number);
    }
    localStorage.setItem(key, JSON.stringify(queue));
    flush();
  });
  window.addEventListener("online", flush);
  for (const [who, number] of Object.entries(read())) show(who, number);
  if (Object.keys(read()).length) flush();
})();
