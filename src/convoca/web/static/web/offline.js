// Lists the pages that the service worker has kept on this device, and deletes them when asked to.
"use strict";
(async () => {
  const at = (id) => document.getElementById(id);
  at("missing").hidden = /^\/[a-z]{2,3}\/offline\/$/.test(location.pathname);
  if (!window.caches || !navigator.serviceWorker) return;
  at("cannot").hidden = true;

  async function kept() {
    const found = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const asked of await cache.keys()) {
        const headers = (await cache.match(asked, { ignoreVary: true }))?.headers;
        const path = new URL(asked.url).pathname;
        if (headers?.has("Kept-At") && !path.endsWith("/offline/")) found.push({ path, headers });
      }
    }
    return found.sort((a, b) => b.headers.get("Kept-Opened") - a.headers.get("Kept-Opened"));
  }

  function row({ path, headers }) {
    const line = document.createElement("li"), body = document.createElement("p"), link = document.createElement("a");
    const title = decodeURIComponent(headers.get("Kept-Title"));
    link.textContent = new DOMParser().parseFromString(title, "text/html").documentElement.textContent || path;
    link.href = path;
    link.lang = path.split("/")[1];
    link.dir = "auto";
    body.className = "body what";
    body.append(link);
    line.append(body);
    return line;
  }

  async function show() {
    const rows = (await kept()).map(row);
    at("kept").hidden = !rows.length;
    at("nothing").hidden = Boolean(rows.length);
    at("kept").querySelector("ul").replaceChildren(...rows);
  }

  at("kept").querySelector("button").addEventListener("click", async () => {
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    await show();
    at("nothing").tabIndex = -1;
    at("nothing").focus();
  });
  await show();
})();
