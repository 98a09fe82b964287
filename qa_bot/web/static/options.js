// The options beside the page: opened by a button with a name, out of the tab order while closed.
(() => {
  const sidebar = () => document.querySelector(".sidebar");
  const named = () => document.getElementById("qb-options-button");

  function settle() {
    document.querySelectorAll(".qb-day input").forEach((field) => { if (field.type !== "date") field.type = "date"; });
    const box = sidebar();
    const open = Boolean(box?.classList.contains("open"));
    if (box && box.inert === open) box.inert = !open;
    if (named() && named().getAttribute("aria-expanded") !== String(open)) named().setAttribute("aria-expanded", String(open));
  }

  function toggle() {
    sidebar()?.querySelector(".toggle-button")?.click();
    setTimeout(() => {
      settle();
      if (sidebar()?.classList.contains("open")) sidebar().querySelector("input")?.focus();
    }, 50);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#qb-options-button")) return toggle();
    if (event.target.closest("[data-close-options]")) { toggle(); return named().focus(); }
    const filter = event.target.closest("[data-clear]");
    if (filter) document.getElementById(`qb-remove-${filter.dataset.clear}`)?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sidebar()?.contains(document.activeElement)) return;
    toggle();
    named().focus();
  });

  new MutationObserver(settle).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["class"],
  });
})();
