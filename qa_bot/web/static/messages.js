// Messages as they come: a new question is shown from its first line, nothing scrolls under someone
// who is reading, and a screen reader gets the message, not the HTML that Gradio names it by.
(() => {
  const NAMES = { bot: "Answer", user: "Question" };
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

  function follow() {
    const asked = document.querySelectorAll("#qb-chat .qb-question");
    if (asked.length > seen) following = true;
    seen = asked.length;
    if (following && seen) asked[seen - 1].scrollIntoView({ block: "start" });
  }

  new MutationObserver(() => { name(); follow(); }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"],
  });
})();
