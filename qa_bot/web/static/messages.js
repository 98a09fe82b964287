// Shows each new question from its first line, never scrolls while a person reads, and names
// messages for screen readers, because Gradio names them by their HTML.
(() => {
  const NAMES = { bot: "Answer", user: "Question" };
  const BUTTONS = { ".submit-button": "Ask", ".stop-button": "Stop" };
  let seen = 0;
  let following = false;

  const stop = () => { following = false; };
  ["wheel", "touchmove", "mousedown"].forEach((kind) => document.addEventListener(kind, stop, { passive: true }));
  document.addEventListener("keydown", (event) => { if (!event.target.matches("textarea, input")) stop(); });

  function name() {
    for (const [kind, label] of Object.entries(NAMES)) {
      for (const message of document.querySelectorAll(`#qb-chat [data-testid="${kind}"]`)) {
        if (message.getAttribute("aria-label") !== label) message.setAttribute("aria-label", label);
        if (!message.hasAttribute("role")) message.setAttribute("role", "group");
      }
    }
  }

  function nameButtons() {
    for (const [selector, label] of Object.entries(BUTTONS)) {
      const button = document.querySelector(`#qb-question ${selector}`);
      if (button && button.getAttribute("aria-label") !== label) button.setAttribute("aria-label", label);
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

  new MutationObserver((records) => { name(); nameButtons(); if (records.some(inChat)) follow(); }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"],
  });
})();
