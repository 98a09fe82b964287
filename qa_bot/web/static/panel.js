// The panel next to the conversation: the article of a citation, or the list of all articles.
(() => {
  let opener = null;

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

  async function open(button, url) {
    opener = button;
    const target = panel();
    const waiting = setTimeout(() => fill(target, "Opening…"), 400);
    const content = await fetchText(url);
    clearTimeout(waiting);
    if (opener !== button) return; // another article was opened in the meantime
    fill(target, content ?? "It cannot be shown: the server does not answer. Try again.");
    document.querySelectorAll(".qb-chip.qb-current").forEach((e) => e.classList.remove("qb-current"));
    button.classList.add("qb-current");
    show(target.querySelector("mark.qb-active") || target.querySelector("h2"));
    target.dispatchEvent(new CustomEvent("qb-opened", { bubbles: true }));
  }

  function fill(target, content) {
    if (content.startsWith("<")) target.innerHTML = content;
    else target.textContent = content;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "qb-close";
    close.textContent = "Back to the answer";
    target.prepend(close);
    document.body.classList.add("qb-reading");
  }

  function show(element) {
    if (!element) return;
    const frame = panel();
    const below = element.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    frame.scrollTop += below - frame.clientHeight / 3;
    element.focus({ preventScroll: true });
  }

  function close() {
    document.body.classList.remove("qb-reading");
    if (opener && opener.isConnected) opener.focus();
  }

  function step(by) {
    const marks = [...panel().querySelectorAll("mark")];
    if (!marks.length) return;
    const at = marks.findIndex((m) => m.classList.contains("qb-active"));
    const next = marks[(at + by + marks.length) % marks.length];
    marks.forEach((m) => m.classList.toggle("qb-active", m === next));
    next.tabIndex = -1;
    show(next);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-panel], [data-shelf]");
    if (button) open(button, button.dataset.panel || button.dataset.shelf);
    else if (event.target.closest(".qb-close")) close();
  });

  document.addEventListener("keydown", (event) => {
    if (!document.body.classList.contains("qb-reading")) return;
    if (event.key === "Escape") close();
    if (event.target.matches("input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });
})();
