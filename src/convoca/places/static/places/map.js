/* Moves the map, for those who want it: one finger and a plain wheel still scroll the page. */
const MOST = 12, STEP = 1.5;
const stop = (e) => e.preventDefault();

function movable(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const all = (what) => [...svg.querySelectorAll(what)];
  const lands = all("g[transform]").map((g) => [g, g.getAttribute("transform")]);
  const dots = all("a").map((a) => {
    const { cx, cy } = a.querySelector("circle");
    return [a, cx.baseVal.value, cy.baseVal.value];
  });
  const put = (node, words) => node.setAttribute("transform", words);
  let k = 1, x = 0, y = 0, moved = false;
  const held = new Map();

  const go = (toX, toY) => {
    x = Math.min(0, Math.max(width * (1 - k), toX));
    y = Math.min(0, Math.max(height * (1 - k), toY));
    for (const [g, own] of lands) put(g, `translate(${x} ${y}) scale(${k}) ${own}`);
    for (const [a, cx, cy] of dots) put(a, `translate(${x + (k - 1) * cx} ${y + (k - 1) * cy})`);
  };
  const zoom = (by, cx = width / 2, cy = height / 2) => {
    const f = Math.min(MOST, Math.max(1, k * by)) / k;
    k *= f;
    go(cx - (cx - x) * f, cy - (cy - y) * f);
  };
  const at = (e) => {
    const box = svg.getBoundingClientRect(), f = width / box.width;
    return [(e.clientX - box.left) * f, (e.clientY - box.top) * f];
  };
  const on = (name, act) => svg.addEventListener(name, act, { passive: false });

  on("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey) return;
    stop(e);
    zoom(Math.exp(-e.deltaY / 300), ...at(e));
  });
  on("touchmove", (e) => e.touches.length > 1 && stop(e));
  on("dragstart", stop);
  on("pointerdown", (e) => {
    if (e.button) return;
    if (!held.size) moved = false;
    held.set(e.pointerId, at(e));
  });
  on("pointermove", (e) => {
    const old = held.get(e.pointerId), now = at(e);
    if (!old) return;
    const [dx, dy] = [now[0] - old[0], now[1] - old[1]];
    if (held.size === 2) {
      const [, other] = [...held].find(([id]) => id !== e.pointerId);
      const far = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
      zoom(far(now) / far(old), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      go(x + dx / 2, y + dy / 2);
    } else {
      if (e.pointerType === "touch" || (!moved && Math.hypot(dx, dy) < 4)) return;
      if (!moved) svg.setPointerCapture(e.pointerId);
      go(x + dx, y + dy);
    }
    moved = true;
    held.set(e.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, (e) => held.delete(e.pointerId));
  svg.addEventListener("click", (e) => moved && stop(e), true);

  const keys = {
    "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: () => zoom(0),
    ArrowLeft: () => go(x + 60, y), ArrowRight: () => go(x - 60, y),
    ArrowUp: () => go(x, y + 60), ArrowDown: () => go(x, y - 60),
  };
  on("keydown", (e) => {
    const arrow = e.key.startsWith("Arrow");
    if (e.ctrlKey || e.metaKey || e.altKey || !keys[e.key] || (arrow && k === 1)) return;
    stop(e);
    keys[e.key]();
  });
  on("focusin", (e) => {
    const [, cx, cy] = dots.find(([a]) => a === e.target && a.matches(":focus-visible")) ?? [];
    if (cx !== undefined && k > 1) go(width / 2 - k * cx, height / 2 - k * cy);
  });
  svg.tabIndex = 0;
  svg.style.touchAction = "pan-x pan-y";
  return keys;
}

for (const figure of document.querySelectorAll(".map-figure")) {
  const maps = [...figure.querySelectorAll("svg.map")].map((svg) => [svg, movable(svg)]);
  const bar = document.createElement("div");
  figure.style.display = "flow-root";
  bar.style.float = document.dir === "rtl" ? "left" : "right";
  for (const [sign, key, name] of [["+", "+", "closer"], ["−", "-", "farther"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button outline";
    button.textContent = sign;
    button.ariaLabel = figure.dataset[name];
    button.onclick = () => maps.find(([svg]) => svg.clientWidth)?.[1][key]();
    bar.append(button);
  }
  maps.at(-1)[0].after(bar);
}
