// Opens the article of a citation in the panel beside the conversation, and brings one back.
(() => {
  let opener = null;

  function panel() {
    let frame = document.getElementById("qb-panel");
    if (!frame) {
      frame = document.createElement("aside");
      frame.id = "qb-panel";
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", "Article");
      document.body.append(frame);
    }
    return frame;
  }

  async function open(button) {
    opener = button;
    const target = panel();
    let content = null;
    try {
      const response = await fetch(button.dataset.panel, { headers: { accept: "text/html" } });
      if (response.ok) content = await response.text();
      else if (response.status === 404) content = "This article is not in the index any more.";
    } catch {
      // no connection: said below
    }
    if (opener !== button) return; // another citation was opened in the meantime
    if (content === null) target.textContent = "The article cannot be shown: the server does not answer. Try again.";
    else if (content.startsWith("<")) target.innerHTML = content;
    else target.textContent = content;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "qb-close";
    close.textContent = "Back to the answer";
    target.prepend(close);
    document.body.classList.add("qb-reading");
    document.querySelectorAll(".qb-chip.qb-current").forEach((e) => e.classList.remove("qb-current"));
    button.classList.add("qb-current");
    show(target.querySelector("mark.qb-active") || target.querySelector("h2"));
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
    const button = event.target.closest("[data-panel]");
    if (button) open(button);
    else if (event.target.closest(".qb-close")) close();
  });

  document.addEventListener("keydown", (event) => {
    if (!document.body.classList.contains("qb-reading")) return;
    if (event.key === "Escape") close();
    if (event.target.matches("input, textarea")) return;
    if (event.key === "n") step(1);
    if (event.key === "p") step(-1);
  });
})();
