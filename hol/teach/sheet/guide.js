// The guide works and prints without this script. With it: one step a view, ticks and names that this browser remembers, copy buttons.
"use strict";
(function () {
  const root = document.documentElement, said = JSON.parse(document.getElementById("words").textContent);
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const leaves = all(".leaf"), links = all("nav.contents a");
  const kept = {
    get(key) { try { return localStorage.getItem(said.key + key); } catch { return null; } },  // forbidden in some browsers on file://
    set(key, value) { try { localStorage.setItem(said.key + key, value); } catch { /* lasts for this visit */ } },
  };
  root.classList.add("js", "one");

  // --- one step a view ---
  function shownLeaf() {
    const wanted = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    return (wanted && wanted.closest(".leaf")) || leaves.find((leaf) => leaf.id === kept.get("at")) || leaves[0];
  }
  function show(moved) {
    const now = shownLeaf();
    for (const leaf of leaves) leaf.classList.toggle("shown", leaf === now);
    for (const link of links) {
      if (link.hash === "#" + now.id) link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
    }
    kept.set("at", now.id);
    document.querySelector("nav.contents").classList.remove("open");
    if (!moved) return;
    setTimeout(() => { // after the browser's own move to the fragment
      scrollTo(0, 0);
      now.querySelector("h2").focus({ preventScroll: true });
    });
  }
  function turn(by) {
    const to = leaves[leaves.indexOf(shownLeaf()) + by];
    if (to) location.hash = to.id;
  }
  addEventListener("hashchange", () => show(true));
  addEventListener("keydown", (event) => {
    if (event.target.closest("input,textarea,pre") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  const toggle = document.querySelector(".toggle");
  toggle.addEventListener("click", () => {
    toggle.setAttribute("aria-expanded", String(document.querySelector("nav.contents").classList.toggle("open")));
  });

  // --- ticks ---
  function count() {
    for (const leaf of leaves) {
      const boxes = all(".tick", leaf), link = links.find((one) => one.hash === "#" + leaf.id);
      link.firstElementChild.classList.toggle("done", boxes.length > 0 && boxes.every((box) => box.checked));
    }
  }
  all(".tick").forEach((box) => {
    const mark = () => box.closest("li").classList.toggle("ticked", box.checked);
    box.hidden = false;
    box.checked = kept.get(box.id) === "1";
    box.addEventListener("change", () => { kept.set(box.id, box.checked ? "1" : "0"); mark(); count(); });
    mark();
  });

  // --- the learner's own names, edited once ---
  const names = all(".names input").map((field) => ({ field, was: field.defaultValue, shown: [] }))
    .sort((one, other) => other.was.length - one.was.length);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = names.length && new RegExp("(?<![\\w-])(" + names.map((name) => escaped(name.was)).join("|") + ")(?![\\w-])");
  function findNames(node) {
    const pieces = node.data.split(pattern);
    if (pieces.length < 2) return;
    node.replaceWith(...pieces.map((piece, at) => {
      if (at % 2 === 0) return piece;
      const span = Object.assign(document.createElement("span"), { textContent: piece });
      names.find((name) => name.was === piece).shown.push(span);
      return span;
    }));
  }
  if (names.length) {
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT,
      (node) => node.parentElement.closest("script,.names,text") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    nodes.forEach(findNames);
  }
  const addresses = all("main a[href^=http]").map((link) => ({ link, was: link.getAttribute("href") }));
  function rename() {
    for (const name of names) for (const span of name.shown) span.textContent = name.field.value || name.was;
    for (const { link, was } of addresses) {
      link.setAttribute("href", names.reduce((url, name) =>
        url.replaceAll(encodeURIComponent(name.was), encodeURIComponent(name.field.value || name.was)), was));
    }
  }
  for (const name of names) {
    name.field.value = kept.get(name.field.id) || name.was;
    name.field.addEventListener("input", () => { kept.set(name.field.id, name.field.value); rename(); });
  }
  document.querySelector(".names button")?.addEventListener("click", () => {
    for (const name of names) { name.field.value = name.was; kept.set(name.field.id, name.was); }
    rename();
  });
  rename();

  // --- copy buttons ---
  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    button.classList.add("copied");
    button.setAttribute("aria-label", said.copied);
    setTimeout(() => { button.classList.remove("copied"); button.setAttribute("aria-label", said.copy + ": " + text.slice(0, 60)); }, 1500);
  }
  for (const code of all("main code").filter((one) => !one.closest(".names"))) {
    const block = code.closest("pre");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy" });
    button.setAttribute("aria-label", said.copy + ": " + code.textContent.slice(0, 60));
    button.addEventListener("click", (event) => { event.preventDefault(); copy(code.textContent, button); });
    if (block) { block.parentElement.append(button); block.tabIndex = 0; } else code.after(button);
  }

  show(false);
  count();
})();
