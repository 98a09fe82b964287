// Each tab has a conversation of its own; those of other tabs and earlier ones are listed in the options.
// Gradio keeps the turns under one key of localStorage, which all tabs share: here it becomes a key of the tab's conversation.
(() => {
  const TURNS = "qa-bot-turns", LIST = "qa-bot-conversations", TAB = "qa-bot-conversation";
  const MOST = 20, DAY_MS = 86400000;
  const { getItem, setItem } = Storage.prototype;
  const place = (id) => `${TURNS}-${id}`;
  const newId = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const attempt = (action) => { try { return action(); } catch { return null; } }; // storage may be switched off

  // While the tab is shown, the id of its conversation is only here: a copy of the tab begins a new one.
  const hold = () => attempt(() => sessionStorage.setItem(TAB, next));
  const release = () => attempt(() => sessionStorage.removeItem(TAB));
  const mine = attempt(() => sessionStorage.getItem(TAB)) || newId();
  let next = mine; // what the tab shows after it is loaded again
  release();
  addEventListener("pagehide", hold);
  addEventListener("pageshow", release);
  document.addEventListener("visibilitychange", () => (document.hidden ? hold() : release()));

  Storage.prototype.getItem = function (key) {
    return getItem.call(this, key === TURNS ? place(mine) : key);
  };
  Storage.prototype.setItem = function (key, value) {
    if (key === TURNS) keep(value);
    else setItem.call(this, key, value);
  };

  // The list, the last one first; each entry has an id and the first question.
  const isEntry = (one) => typeof one?.id === "string" && typeof one.title === "string";
  function listed() {
    const list = attempt(() => JSON.parse(localStorage.getItem(LIST)));
    return Array.isArray(list) ? list.filter(isEntry) : [];
  }
  const store = (list) => attempt(() => localStorage.setItem(LIST, JSON.stringify(list)));

  function keep(turns) {
    for (;;) {
      try { return setItem.call(localStorage, place(mine), turns); } catch (error) {
        const others = listed().filter((one) => one.id !== mine);
        if (!others.length) throw error;
        forget(others.at(-1).id); // there is no more room
      }
    }
  }

  function forget(id) {
    localStorage.removeItem(place(id));
    store(listed().filter((one) => one.id !== id));
  }

  function note(id, title) {
    const others = listed().filter((one) => one.id !== id);
    store([{ id, title }, ...others.slice(0, MOST)]);
    attempt(removeUnlisted);
  }

  // What is not listed goes after a day: a tab may still show it.
  function removeUnlisted() {
    const known = new Set(listed().map((one) => place(one.id)));
    const isOld = (key) => Date.now() - parseInt(key.slice(TURNS.length + 1), 10) > DAY_MS;
    Object.keys(localStorage)
      .filter((key) => key.startsWith(place("")) && !known.has(key) && isOld(key))
      .forEach((key) => localStorage.removeItem(key));
  }

  function open(id) {
    next = id;
    location.replace(location.pathname);
  }

  // Under a new id: another tab that has it open goes on under the old one, and neither loses a turn.
  function resume(id) {
    const turns = localStorage.getItem(place(id));
    if (turns === null) return show();
    const { title } = listed().find((one) => one.id === id);
    const own = newId();
    store(listed().filter((one) => one.id !== id));
    setItem.call(localStorage, place(own), turns);
    note(own, title);
    open(own);
  }

  let shown = "";
  function show() {
    const frame = document.querySelector(".qb-earlier");
    const earlier = listed().filter((one) => one.id !== mine);
    const state = JSON.stringify(earlier);
    if (!frame || (frame.dataset.shown && state === shown)) return;
    shown = state;
    frame.dataset.shown = "yes";
    frame.hidden = !earlier.length;
    frame.querySelector("ul").replaceChildren(...earlier.map(({ id, title }) => {
      const row = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "qb-open", textContent: title });
      button.dataset.resume = id;
      row.append(button);
      return row;
    }));
  }

  let answered = 0;
  function watch() {
    const cards = document.querySelectorAll("#qb-chat [data-answer]");
    if (cards.length > answered) note(mine, JSON.parse(cards[0].dataset.answer).question);
    answered = cards.length;
    show();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#qb-new, [data-resume]");
    if (button) (button.dataset.resume ? resume(button.dataset.resume) : open(newId()));
  });
  addEventListener("storage", show);
  new MutationObserver(watch).observe(document, { childList: true, subtree: true });
})();
