// Shows each new question from its first line, never scrolls while a person reads, and names
// messages and buttons for screen readers, because Gradio names them by their HTML.
(() => {
  const NAMES = { bot: "Answer", user: "Question" };
  const BUTTONS = { ".submit-button": "Ask", ".stop-button": "Stop" };
  let seen = 0;
  let following = false;

  const stop = () => { following = false; };
  ["wheel", "touchmove", "mousedown"].forEach((kind) => document.addEventListener(kind, stop, { passive: true }));
  document.addEventListener("keydown", (event) => { if (!event.target.matches("textarea, input")) stop(); });

  const setLabel = (element, label) => {
    if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
  };

  function name() {
    for (const [selector, label] of Object.entries(BUTTONS)) {
      document.querySelectorAll(`#qb-question ${selector}`).forEach((button) => setLabel(button, label));
    }
    for (const [kind, label] of Object.entries(NAMES)) {
      for (const message of document.querySelectorAll(`#qb-chat [data-testid="${kind}"]`)) {
        setLabel(message, label);
        if (!message.hasAttribute("role")) message.setAttribute("role", "group");
      }
    }
  }

  function follow() {
    const asked = document.querySelectorAll("#qb-chat .qb-question");
    if (asked.length > seen) following = true;
    seen = asked.length;
    if (following && seen) asked[seen - 1].scrollIntoView({ block: "start" });
  }

  // A quote that appears beside its chip, or a filter, is no reason to scroll.
  const inChat = (record) => record.type === "childList" && Boolean(record.target.closest?.("#qb-chat"));

  new MutationObserver((records) => { name(); if (records.some(inChat)) follow(); }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"],
  });
})();
