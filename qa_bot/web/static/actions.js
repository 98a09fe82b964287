// Actions on answers (ask again, copy, export, feedback) and on the list of articles.
(() => {
  const say = (place, words) => { if (place) place.textContent = words; };
  const answerOf = (element) => JSON.parse(element.closest("[data-answer]").dataset.answer);

  function ask(question, send) {
    const box = document.querySelector("#qb-question textarea");
    if (!box) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    if (send) setTimeout(() => document.querySelector("#qb-question .submit-button")?.click(), 50);
  }

  // While an answer is made, the box takes a next question but does not send it.
  document.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && event.target.matches?.("#qb-question textarea");
    if (!sends || !document.querySelector("#qb-question .stop-button")) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  // Both buttons go away when they are pressed. A finger on "Ask" wants to read, without a keyboard on the screen.
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("#qb-question .stop-button, #qb-question .submit-button");
    if (!pressed || (pressed.matches(".submit-button") && event.detail)) return;
    document.querySelector("#qb-question textarea").focus();
  });

  async function post(url, body) {
    const response = await fetch(url, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await reason(response));
    return response;
  }

  async function reason(response) {
    try { return (await response.json()).error || "It failed."; } catch { return "It failed."; }
  }

  async function save(url, body, name) {
    const content = await (await post(url, body)).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  const everything = () => [...document.querySelectorAll("#qb-chat [data-answer]")].map((e) => JSON.parse(e.dataset.answer));

  async function copy(button) {
    const text = await (await post("footnotes", { answers: [answerOf(button)] })).text();
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea"); // the clipboard needs localhost or https
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  const actions = {
    copy: async (button) => { await copy(button); return "Copied."; },
    markdown: async (button) => { await save("export", { answers: [answerOf(button)] }, "answer.md"); return "Saved as answer.md."; },
    receipt: async (button) => {
      await save("export", { answers: [answerOf(button)], form: "receipt" }, "receipt.json");
      return "Saved as receipt.json; check it with: qa-bot verify receipt.json";
    },
    "export-all": async () => {
      const answers = everything();
      if (answers.length) await save("export", { answers }, "conversation.md");
    },
    follow: async (button) => {
      await post("followed", { question: answerOf(button).standalone_question });
      return "Followed. It is asked again when articles come; the list of articles shows what changed.";
    },
    good: async (button) => {
      await post("feedback", { answer: answerOf(button), verdict: "good" });
      return "Thank you. Kept as good.";
    },
    wrong: async (button) => {
      const form = button.closest(".qb-actions").querySelector(".qb-wrong");
      openForm(form, form.hidden);
      if (!form.hidden) form.querySelector("input").focus();
    },
  };

  // Where the result of a button is told: beside it, and then no other result is left on the card.
  function resultOf(button) {
    button.closest(".qb-actions")?.querySelectorAll(".qb-said").forEach((place) => say(place, ""));
    return button.closest(".qb-action")?.querySelector(".qb-said");
  }

  function openForm(form, open) {
    form.hidden = !open;
    form.closest(".qb-actions").querySelector("[data-do=wrong]").setAttribute("aria-expanded", String(open));
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-ask], [data-edit], [data-do], [data-remove], [data-unfollow]");
    if (!button) return;
    if (button.dataset.ask) return ask(button.dataset.ask, true);
    if (button.dataset.edit) return ask(button.dataset.edit, false);
    if (button.dataset.remove) return remove(button);
    if (button.dataset.unfollow) return unfollow(button);
    const place = resultOf(button);
    try {
      const words = await actions[button.dataset.do](button);
      if (words) say(place, words);
    } catch (error) {
      say(place, error.message);
    }
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest(".qb-wrong");
    if (!form) return;
    event.preventDefault();
    event.stopPropagation();
    const place = resultOf(form.querySelector("[type=submit]"));
    const chosen = form.querySelector("input[name=verdict]:checked");
    if (!chosen) return say(place, "Choose what is wrong first.");
    try {
      await post("feedback", { answer: answerOf(form), verdict: chosen.value, comment: form.querySelector("[name=comment]").value });
      openForm(form, false);
      const button = form.closest(".qb-actions").querySelector("[data-do=wrong]");
      button.focus();
      say(resultOf(button), "Thank you. Kept as wrong.");
    } catch (error) {
      say(place, error.message);
    }
  }, true);

  // The list of articles -------------------------------------------------------------------

  const cited = () => new Set(everything().flatMap((a) => a.citations.map((c) => encodeURIComponent(c.article_id))));

  function markTimeline() {
    const ids = cited();
    document.querySelectorAll(".qb-timeline rect").forEach((bar) =>
      bar.classList.toggle("qb-cited", bar.dataset.ids.split(" ").some((id) => ids.has(id))));
  }

  const inForce = () => document.querySelector("[data-query]")?.dataset.query ?? "";
  let asked = 0;

  async function refresh(words) {
    const turn = ++asked;
    const response = await fetch(`articles?find=${encodeURIComponent(words)}&${inForce()}`);
    const text = await response.text();
    if (!response.ok || turn !== asked) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = text;
    replaceRows(fresh.querySelector(".qb-found"));
    const line = fresh.querySelector(".qb-timeline");
    if (line) document.querySelector("#qb-panel .qb-timeline")?.replaceWith(line);
    markTimeline();
  }

  // The row with the focus keeps it; if it is gone, the list has it.
  function replaceRows(fresh) {
    const rows = document.querySelector(".qb-found");
    const focused = rows?.contains(document.activeElement) && document.activeElement;
    rows?.replaceWith(fresh);
    if (!focused) return;
    const same = fresh.querySelector(`[data-panel="${CSS.escape(focused.dataset.panel ?? "")}"]`);
    (same ?? document.querySelector(".qb-shelf h2")).focus({ preventScroll: true });
  }

  async function refreshList() {
    const field = document.querySelector(".qb-find input");
    if (field) await refresh(field.value); // else it is refreshed when it is shown again
  }

  async function remove(button) {
    const id = encodeURIComponent(button.dataset.remove);
    const response = await fetch(`articles?id=${id}`, { method: "DELETE" });
    if (response.ok) showCoverage((await response.json()).coverage);
    await refreshList();
  }

  async function unfollow(button) {
    const question = encodeURIComponent(button.dataset.unfollow);
    try {
      const response = await fetch(`followed?question=${question}`, { method: "DELETE" });
      if (!response.ok) throw new Error(await reason(response));
      const list = button.closest(".qb-followed");
      button.closest("li").remove();
      if (!list.querySelector("li")) list.remove();
    } catch (error) {
      say(button, error.message);
    }
  }

  function showCoverage(coverage) {
    say(document.getElementById("qb-coverage"), coverage);
    document.getElementById("qb-publishers")?.click(); // their outlets can be chosen in the options
  }

  function showAdded(row, name, reply, isAdded) {
    row.classList.toggle("qb-failed", !isAdded);
    if (!isAdded) return say(row, `${name}: ${reply.error || "it was not added; the server failed."}`);
    const n = reply.n_articles;
    const remarks = reply.remarks.length ? ` (${reply.remarks.join("; ")})` : "";
    say(row, `${name}: ${n} article${n === 1 ? "" : "s"} added${remarks}`);
    showCoverage(reply.coverage);
  }

  async function addAddress(form) {
    const field = form.querySelector("input"), button = form.querySelector("button");
    const address = field.value.trim();
    const row = document.createElement("li");
    if (!address || button.disabled) return;
    say(row, `${address}: reading`);
    form.closest(".qb-drop").querySelector(".qb-files").append(row);
    button.disabled = true;
    let isAdded = false;
    try {
      const response = await fetch("addresses", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ address }),
      });
      isAdded = response.ok;
      showAdded(row, address, await response.json().catch(() => ({})), isAdded);
      if (isAdded) field.value = "";
    } catch {
      say(row, `${address}: not read; the server does not answer.`);
      row.classList.add("qb-failed");
    } finally {
      button.disabled = false; // the next address can be sent while the list is read
    }
    if (isAdded) await refreshList();
  }

  function upload(file, list) {
    const row = document.createElement("li");
    const name = file.name.slice(0, 80);
    row.textContent = `${name}: waiting`;
    list.append(row);
    return () => new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", `articles?name=${encodeURIComponent(file.name)}`);
      request.upload.onprogress = (e) => say(row, `${name}: sending, ${Math.round((100 * e.loaded) / e.total)} %`);
      request.upload.onload = () => say(row, `${name}: reading and embedding`);
      request.onload = () => {
        let reply = {};
        try { reply = JSON.parse(request.responseText); } catch { /* reported below */ }
        showAdded(row, name, reply, request.status === 200);
        done();
      };
      request.onerror = () => { say(row, `${name}: not sent; the server does not answer.`); done(); };
      request.send(file);
    });
  }

  async function uploadAll(files) {
    const list = document.querySelector(".qb-files");
    if (!list || !files.length) return;
    const tasks = [...files].map((file) => upload(file, list));
    for (const task of tasks) await task();
    await refreshList();
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches(".qb-pick input")) return;
    uploadAll([...event.target.files]).finally(() => { event.target.value = ""; });
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".qb-address")) return;
    event.preventDefault();
    event.stopPropagation();
    addAddress(event.target);
  }, true);

  let typed = 0;
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".qb-find input")) return;
    clearTimeout(typed);
    typed = setTimeout(() => refresh(event.target.value), 200);
  });

  document.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    const files = [...event.dataTransfer.files];
    if (document.querySelector(".qb-files")) return uploadAll(files);
    document.addEventListener("qb-opened", () => uploadAll(files), { once: true });
    document.getElementById("qb-coverage")?.click();
  }, true);

  let narrowed = "";
  new MutationObserver(() => {
    if (inForce() === narrowed) return;
    narrowed = inForce();
    refreshList();
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("qb-opened", (event) => {
    markTimeline();
    if (event.detail === "kept") refreshList();
  });
})();
