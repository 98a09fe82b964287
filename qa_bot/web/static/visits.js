// What came since the last visit, above the questions of the front page. The browser remembers the index and its last article;
// a page that is loaded again in the same tab still belongs to the same visit.
(() => {
  const KEY = "qa-bot-visit";
  const read = (store) => { try { return JSON.parse(window[store].getItem(KEY)); } catch { return null; } };
  const write = (store, visit) => { try { window[store].setItem(KEY, JSON.stringify(visit)); } catch { /* it is not remembered */ } };
  const found = new Map(); // what came after an article, asked for once

  function lastVisit(index, last) {
    const same = (visit) => visit?.index === index && Number.isInteger(visit.last);
    const begun = read("sessionStorage"), before = read("localStorage");
    write("localStorage", { index, last });
    if (same(begun)) return begun.last;
    const since = same(before) ? before.last : last;
    write("sessionStorage", { index, last: since });
    return since;
  }

  async function newAfter(after) {
    if (!found.has(after)) {
      found.set(after, fetch(`new-articles?after=${after}`).then((r) => (r.ok ? r.text() : ""), () => ""));
    }
    return found.get(after);
  }

  async function tell() {
    const front = document.querySelector(".qb-front[data-last]:not([data-told])");
    if (!front) return;
    const last = Number(front.dataset.last);
    front.dataset.told = "";
    const since = lastVisit(front.dataset.index, last);
    const news = last > since ? await newAfter(since) : "";
    if (news && front.isConnected) front.querySelector(".qb-meta").insertAdjacentHTML("afterend", news);
  }

  new MutationObserver(tell).observe(document, { childList: true, subtree: true });
})();
