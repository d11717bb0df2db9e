// Keeps the pages that were opened here, for when there is no net. Comfort only: without this file
// the site is the same. It keeps what the site says is for everyone ("public", as a stranger sees
// it), never a work screen, a private link, what a signed-in person is shown, or what is sent.
"use strict";
const KEPT = "convoca-1"; // another number throws away all that was kept under the one before
const MOST = 60; // pages; of more, those opened longest ago go
const PATIENCE = 4000; // how long, in ms, the net is waited for where a copy is at hand
const DAY = 86_400_000;
const FORGOTTEN = 90 * DAY; // what was not opened for so long is not kept any longer
const AT_ONCE = 6; // copies that are fetched anew when a page is opened
const PAGE = /^\/([a-z]{2,3}\/(?!work\/|account\/)|$)/;
const PART = /^\/(static|ink)\//; // what a page is made of; their addresses change with their bytes
const HASHED = /[.-][0-9a-f]{8,}\.\w+$/;
const GONE = new Set([401, 403, 404, 410, 451]);

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("message", (event) => event.waitUntil(inTurn(() => opened(event.source.url))));
addEventListener("fetch", (event) => {
  const asked = event.request, url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== location.origin) return;
  if (asked.mode !== "navigate") {
    if (PART.test(url.pathname)) event.respondWith(part(asked, url.pathname));
  } else if (asked.destination === "document" && PAGE.test(url.pathname)) {
    const fresh = fetch(asked);
    event.respondWith(page(fresh, url));
    event.waitUntil(fresh.then((answer) => afterwards(url, answer.clone())).catch(() => {}));
  }
});

const helper = (path) => `/${path.split("/")[1]}/offline/`;
const number = (answer, name) => Number(answer.headers.get(name));
// A stranger's answer, whoever sits here.
const stranger = (path) => fetch(path, { credentials: "omit", redirect: "manual", cache: "no-cache" });

// What is kept is changed by one at a time.
let last = Promise.resolve();
const inTurn = (work) => { last = last.then(work).catch(() => {}); return last; };
const afterwards = (url, answer) => inTurn(async () => {
  await settle(url, answer);
  await renew();
  await leave();
});

async function begin() {
  const others = (await caches.keys()).filter((name) => name.startsWith("convoca-") && name !== KEPT);
  await Promise.all(others.map((name) => caches.delete(name)));
  await clients.claim();
}

// A page that was opened before there was a worker says so, and is fetched once more.
async function opened(address) {
  const url = new URL(address);
  await clients.claim();
  if (PAGE.test(url.pathname)) await settle(url, await fetch(url, { redirect: "manual" }));
}

// --- answering

async function page(fresh, url) {
  const copy = await find(url);
  try {
    const late = new Promise((end) => { setTimeout(end, PATIENCE); });
    const answer = await (copy ? Promise.race([fresh, late]) : fresh);
    if (answer && !(copy && answer.status >= 500)) return answer;
  } catch { /* no net */ }
  return copy ? told(copy, url) : instead(url);
}

async function find(url) {
  const copy = await (await caches.open(KEPT)).match(url.pathname, { ignoreVary: true });
  return copy && (!url.search || copy.headers.get("Kept-Any-Query")) ? copy : undefined;
}

// The copy, with a line above that says from when it is.
async function told(copy, url) {
  if (url.pathname === helper(url.pathname)) return copy;
  const words = await (await caches.open(KEPT)).match(helper(url.pathname), { ignoreVary: true });
  const line = words && /<template id="kept-from">([^]*?)<\/template>/.exec(await words.text());
  const language = url.pathname.split("/")[1].replace(/^en$/, "en-GB");  // as the pages write it
  const when = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short",
    hourCycle: "h23", timeZone: "UTC" }).format(number(copy, "Kept-At"));
  const text = await copy.text();
  const shown = line ? text.replace('<header class="line">',
    (header) => line[1].replace("{time}", `<bdi>${when} UTC</bdi>`) + header) : text;
  return new Response(shown, { headers: copy.headers });
}

// In place of a page that is not kept: which ones are, in the reader's language if possible.
async function instead(url) {
  const cache = await caches.open(KEPT);
  const paths = (await cache.keys()).map((kept) => new URL(kept.url).pathname);
  const path = [helper(url.pathname), ...paths].find((one) => one === helper(one) && paths.includes(one));
  const answer = path && await cache.match(path, { ignoreVary: true });
  return answer ? new Response(answer.body, { status: 503, headers: answer.headers }) : Response.error();
}

async function part(asked, path) {
  const copy = await caches.match(path, { cacheName: KEPT, ignoreVary: true });
  if (copy && HASHED.test(path)) return copy;
  return fetch(asked).catch((error) => {
    if (copy) return copy;
    throw error;
  });
}

// --- keeping

// What was answered is kept, lets go what was kept, or, as a server in trouble, does neither.
async function settle(url, answer, since = Date.now()) {
  const said = answer.headers.get("Cache-Control") || "";
  const type = answer.headers.get("Content-Type") || "";
  if (answer.status === 200 && type.startsWith("text/html")) {
    if (/\bpublic\b/.test(said) && !/no-store|private/.test(said)) await keep(url, answer, since);
  } else if (GONE.has(answer.status) || answer.type === "opaqueredirect") {
    await (await caches.open(KEPT)).delete(url.pathname, { ignoreVary: true });
  }
}

async function keep(url, answer, since) {
  const cache = await caches.open(KEPT), text = await answer.text();
  const isOne = text.includes('<link rel="canonical"'); // whatever the query, the same page
  if (url.search && !isOne) return;
  const parts = new Set([...text.matchAll(/<(?:link|script)\b[^>]*\b(?:href|src)="([^"?#]+)"/g)]
    .map((found) => found[1]).filter((path) => PART.test(path)));
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  headers.set("Kept-At", Date.now());
  headers.set("Kept-Opened", since);
  headers.set("Kept-Title", encodeURIComponent(/<title>([^]*?)<\/title>/.exec(text)?.[1].trim() || ""));
  headers.set("Kept-Parts", [...parts].join(" "));
  if (isOne) headers.set("Kept-Any-Query", "yes");
  const words = new URL(helper(url.pathname), url);
  if (words.pathname !== url.pathname && !await cache.match(words.pathname)) {
    await settle(words, await stranger(words.pathname));
  }
  await Promise.all([...parts].map(async (path) => {
    if (!HASHED.test(path) || !await cache.match(path)) await cache.add(path).catch(() => {});
  }));
  await cache.put(url.pathname, new Response(text, { headers }));
  await tidy(cache);
}

async function pages(cache, keys) {
  const found = [];
  for (const asked of keys) {
    const { pathname } = new URL(asked.url), answer = await cache.match(asked, { ignoreVary: true });
    if (answer?.headers.has("Kept-At")) found.push({ path: pathname, answer });
  }
  return found;
}

// Not more pages than are promised, and of what they are made of nothing that no page needs.
async function tidy(cache) {
  const keys = await cache.keys(), all = await pages(cache, keys);
  const ours = all.filter(({ path }) => path !== helper(path));
  ours.sort((a, b) => number(b.answer, "Kept-Opened") - number(a.answer, "Kept-Opened"));
  const surplus = new Set(ours.slice(MOST).map(({ path }) => path));
  const needed = new Set(all.map(({ path }) => path));
  for (const { path, answer } of all) {
    if (surplus.has(path)) needed.delete(path);
    else for (const one of answer.headers.get("Kept-Parts").split(" ")) needed.add(one);
  }
  for (const asked of keys) {
    if (!needed.has(new URL(asked.url).pathname)) await cache.delete(asked, { ignoreVary: true });
  }
}

// With each page that is opened, some of the oldest copies are fetched anew, each once a day: a
// time that was changed is changed here too, and what was taken off the site leaves this device.
async function renew() {
  const cache = await caches.open(KEPT), now = Date.now();
  const old = (await pages(cache, await cache.keys()))
    .filter(({ answer }) => now - number(answer, "Kept-At") > DAY)
    .sort((a, b) => number(a.answer, "Kept-At") - number(b.answer, "Kept-At"));
  for (const { path, answer } of old.slice(0, AT_ONCE)) {
    const since = number(answer, "Kept-Opened");
    if (path !== helper(path) && now - since > FORGOTTEN) await cache.delete(path, { ignoreVary: true });
    else await settle(new URL(path, location), await stranger(path), since);
  }
}

// Where the site has no worker any more (404), this one goes and takes all with it; browsers by
// themselves would go on with it for ever. Asked once each time that the browser has woken it.
let looked = false;
async function leave() {
  if (looked) return;
  const { status } = await stranger(location.pathname);
  looked = status === 200;
  if (status !== 404 && status !== 410) return;
  await caches.delete(KEPT);
  await registration.unregister();
}
