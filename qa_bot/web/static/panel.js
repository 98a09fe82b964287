// The panel next to the conversation: the article of a citation, or the list of all articles.
(() => {
  let opener = null;
  let origin = null; // the opener outside the panel: the focus goes back to it
  let shown = null; // the address of what the panel shows; null while it is closed
  let list = null; // the list that an article was opened from: its nodes, how far it was scrolled, the row
  let leaving = false; // the panel was closed by the page, and the browser is still on its way back

  function panel() {
    let frame = document.getElementById("qb-panel");
    if (!frame) {
      frame = document.createElement("aside");
      frame.id = "qb-panel";
      frame.setAttribute("aria-label", "Article");
      document.body.append(frame);
    }
    return frame;
  }

  // The filters in force, as a query string; they narrow the list.
  const inForce = () => document.querySelector("[data-query]")?.dataset.query ?? "";

  async function fetchText(url) {
    try {
      const response = await fetch(url, { headers: { accept: "text/html" } });
      if (response.ok) return await response.text();
      if (response.status === 404) return "This article is not in the index any more.";
    } catch {
      // no connection: reported by the caller
    }
    return null;
  }

  // The chips of the sources of an answer, one for each quote, in order; none outside an answer.
  const quotes = (button) => [...(button?.closest(".qb-card")?.querySelectorAll(".qb-sources .qb-chip") ?? [])];
  const same = (chip) => [...chip.closest(".qb-card").querySelectorAll(".qb-chip")].filter((one) => one.dataset.panel === chip.dataset.panel);

  // The open panel is an entry of the browser's history, and so is an article over the list that it was
  // opened from: Back closes the one that is shown, Forward opens it again.
  const depth = () => history.state?.depth ?? 0;

  function open(button, url) {
    if (list && url === list.url) return close();
    const isNew = !shown || (!list && button.closest(".qb-shelf"));
    const entry = { panel: url, depth: depth() + (isNew ? 1 : 0) };
    if (!isNew) history.replaceState(entry, "");
    else if (!leaving) history.pushState(entry, "");
    read(button, url);
  }

  function keepList(row) {
    const frame = panel();
    list ??= { url: shown, nodes: [...frame.childNodes], top: frame.scrollTop };
    list.row = row;
  }

  async function read(button, url) {
    if (button?.closest(".qb-shelf")) keepList(button);
    else if (!button?.closest("#qb-panel")) list = null;
    opener = button;
    shown = url;
    if (button && !button.closest("#qb-panel")) origin = button;
    const target = panel();
    const waiting = setTimeout(() => fill(target, "Opening…"), 400);
    const content = await fetchText(button?.dataset.shelf ? `${url}?${inForce()}` : url);
    clearTimeout(waiting);
    if (opener !== button || shown !== url) return; // another was opened, or it was closed
    fill(target, content ?? "It cannot be shown: the server does not answer. Try again.");
    document.querySelectorAll(".qb-chip.qb-current").forEach((e) => e.classList.remove("qb-current"));
    if (button?.closest(".qb-card")) same(button).forEach((one) => one.classList.add("qb-current"));
    show(target.querySelector("mark.qb-active") || target.querySelector("h2"));
    target.dispatchEvent(new CustomEvent("qb-opened", { bubbles: true }));
  }

  const openerOf = (url) => document.querySelector(`[data-panel="${CSS.escape(url)}"], [data-shelf="${CSS.escape(url)}"]`);

  function fill(target, content) {
    if (content.startsWith("<")) target.innerHTML = content;
    else target.textContent = content;
    target.prepend(bar());
    document.body.classList.add("qb-reading");
  }

  function bar() {
    const line = document.createElement("div");
    line.className = "qb-bar";
    const behind = opener?.closest(".qb-card") ? "Back to the answer" : "Close";
    line.append(button("qb-close", list ? "Back to the list" : behind));
    const all = quotes(opener);
    const at = all.findIndex((chip) => chip.dataset.panel === opener?.dataset.panel);
    if (all.length > 1 && at >= 0) {
      const place = document.createElement("span");
      place.className = "qb-walk";
      place.textContent = `Quote ${at + 1} of ${all.length}`;
      line.append(place, button("qb-previous", "Previous"), button("qb-next", "Next"));
    }
    return line;
  }

  function button(name, words) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = words;
    return made;
  }

  function show(element) {
    if (!element) return;
    const frame = panel();
    const below = element.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    frame.scrollTop += below - frame.clientHeight / 3;
    element.focus({ preventScroll: true });
  }

  function close() {
    if (!leaving) leave(list ? 1 : depth());
    if (list) showList();
    else hidePanel();
  }

  function leave(steps) {
    leaving = steps > 0;
    if (leaving) history.go(-steps);
  }

  // The list as it was left, but for articles that came or went in the meantime.
  function showList() {
    const { url, nodes, top, row } = list;
    const frame = panel();
    opener = list = null;
    shown = url;
    frame.replaceChildren(...nodes);
    frame.scrollTop = top;
    row.focus({ preventScroll: true });
    frame.dispatchEvent(new CustomEvent("qb-opened", { bubbles: true, detail: "kept" }));
  }

  function hidePanel() {
    opener = shown = list = null; // what is still being fetched is not shown any more
    document.body.classList.remove("qb-reading");
    if (origin?.isConnected) origin.focus();
  }

  addEventListener("popstate", () => {
    const url = history.state?.panel;
    if (leaving) settle(url);
    else if (list && url === list.url) showList();
    else if (url && url !== shown) read(openerOf(url), url);
    else if (!url && shown) hidePanel();
  });

  // What was opened or closed while the browser went back has no entry of its own yet, or one too many.
  function settle(url) {
    leaving = false;
    if (!shown) leave(depth());
    else if (shown !== url) history.pushState({ panel: shown, depth: depth() + 1 }, "");
  }

  if (depth()) history.go(-depth()); // a reload closed the panel

  function step(by) {
    const all = quotes(opener);
    const at = all.findIndex((chip) => chip.dataset.panel === opener.dataset.panel);
    if (at < 0 || all.length < 2) return;
    const next = all[(at + by + all.length) % all.length];
    open(same(next)[0], next.dataset.panel);
  }

  // The quote of a chip, beside it while it is pointed at or has the focus.
  function peek(chip) {
    const row = chip.closest(".qb-card")?.querySelector(`.qb-sources .qb-chip[data-panel="${CSS.escape(chip.dataset.panel)}"]`)?.closest("li");
    if (!row) return;
    const box = document.getElementById("qb-peek") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "qb-peek" }));
    box.setAttribute("role", "tooltip");
    const line = document.createElement("p");
    line.textContent = row.querySelector(".qb-line").textContent;
    const quote = document.createElement("q");
    quote.textContent = row.querySelector("q").textContent;
    box.replaceChildren(line, quote);
    box.hidden = false;
    chip.setAttribute("aria-describedby", "qb-peek");
    const at = chip.getBoundingClientRect();
    const below = at.bottom + 6 + box.offsetHeight < innerHeight;
    box.style.top = `${below ? at.bottom + 6 : Math.max(6, at.top - 6 - box.offsetHeight)}px`;
    box.style.left = `${Math.max(12, Math.min(at.left, innerWidth - box.offsetWidth - 12))}px`;
  }

  function hide() {
    const box = document.getElementById("qb-peek");
    if (!box || box.hidden) return;
    box.hidden = true;
    document.querySelectorAll("[aria-describedby=qb-peek]").forEach((chip) => chip.removeAttribute("aria-describedby"));
  }

  document.addEventListener("pointerover", (event) => {
    const chip = event.pointerType === "mouse" && event.target.closest?.(".qb-chip");
    if (chip) peek(chip);
    else if (event.pointerType === "mouse") hide();
  });
  document.addEventListener("focusin", (event) => {
    const chip = event.target.closest?.(".qb-chip");
    if (chip && chip.matches(":focus-visible")) peek(chip);
    else hide();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel], [data-shelf]");
    hide();
    if (button) open(button, button.dataset.panel || button.dataset.shelf);
    else if (event.target.closest(".qb-close")) close();
    else if (event.target.closest(".qb-next")) step(1);
    else if (event.target.closest(".qb-previous")) step(-1);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (!document.body.classList.contains("qb-reading")) return;
    if (event.key === "Escape") close();
    if (event.target.matches("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });
})();
