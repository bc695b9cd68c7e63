/**
 * What the page itself does: it takes in the parts that the server sends, sends forms with the
 * token, and follows links without leaving. It keeps no state; everything is rendered on the server.
 */
"use strict";

const token = document.querySelector('meta[name="console-token"]').content;
const quiet = new Set(["open"]); // What the reader opened stays open.
let source;

function connect() {
  source?.close();
  source = new EventSource(document.body.dataset.events);
  source.addEventListener("fragment", ({ data }) => {
    const { id, html } = JSON.parse(data);
    const element = document.getElementById(id);
    if (element) replace(element, html);
  });
  source.addEventListener("looked", ({ data }) => showLink(data ? "trouble" : "live"));
  source.addEventListener("error", () => showLink("lost"));
}

function showLink(state) {
  const link = document.getElementById("link");
  if (link.dataset.state === state) return;
  link.dataset.state = state;
  const words = { live: "Live", trouble: "The database does not answer", lost: "Not connected" };
  link.title = words[state];
  document.body.classList.toggle("troubled", state !== "live");
}

/** Changes what has changed and nothing else; a list that was at its end stays there. */
function replace(element, html) {
  const lists = [...document.querySelectorAll("[data-follow]")];
  const atEnd = new Set(
    lists.filter((list) => list.scrollHeight - list.scrollTop - list.clientHeight < 80),
  );
  Idiomorph.morph(element, html, {
    morphStyle: "outerHTML",
    callbacks: { beforeAttributeUpdated: (name) => !quiet.has(name) },
  });
  for (const list of document.querySelectorAll("[data-follow]")) {
    if (atEnd.has(list) || !lists.includes(list)) list.scrollTop = list.scrollHeight;
  }
}

/** Lists that follow what comes begin at their end. */
function toEnds() {
  for (const list of document.querySelectorAll("[data-follow]")) list.scrollTop = list.scrollHeight;
}

async function visit(url, { isNew = true } = {}) {
  const answer = await fetch(url);
  if (!answer.ok) return tell(await answer.text(), true);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const isSameView = document.body.className.split(" ")[0] === next.body.className;
  document.title = next.title;
  document.body.dataset.events = next.body.dataset.events;
  if (isSameView) keepParts(next);
  Idiomorph.morph(document.body, next.body.innerHTML, {
    morphStyle: "innerHTML",
    callbacks: { beforeNodeMorphed: (old, other) => !isSameDraft(old, other) },
  });
  document.body.className = next.body.className;
  if (isNew) history.pushState(null, "", url);
  if (!isSameView) scrollTo(0, 0);
  toEnds();
  connect();
}

/** What somebody is writing there stays. */
function isSameDraft(old, other) {
  return old.nodeName === "TEXTAREA" && old.id === other.id;
}

/** What the server tells by the stream stays as it is until then: nothing flickers. */
function keepParts(next) {
  for (const part of next.querySelectorAll("[id]")) {
    const known = document.getElementById(part.id);
    const isEmpty = part.textContent === "" || part.textContent === "…" || part.id === "ledger";
    if (known && isEmpty && !part.matches("input, textarea")) {
      part.replaceWith(known.cloneNode(true));
    }
  }
}

async function send(form) {
  if (form.dataset.busy) return;
  const fresh = form.querySelector("[data-fresh-id]");
  if (fresh && !fresh.value) fresh.value = crypto.randomUUID();
  const body = new FormData(form);
  form.dataset.busy = "true";
  try {
    const headers = { "X-Console-Token": token };
    const answer = await fetch(form.action, { method: "POST", headers, body });
    const { notice, visit: url } = await answer.json();
    if (answer.ok) {
      if (fresh) fresh.value = "";
      if ("reset" in form.dataset) form.reset();
    }
    if (notice) tell(notice, !answer.ok);
    if (url) await visit(url);
  } catch {
    tell("The console does not answer", true);
  } finally {
    delete form.dataset.busy;
  }
}

let fading;
function tell(words, isBad = false) {
  const toast = document.getElementById("toast");
  toast.textContent = words;
  toast.className = isBad ? "shown bad" : "shown";
  clearTimeout(fading);
  fading = setTimeout(() => toast.className = "", 5000);
}

document.addEventListener("submit", (event) => {
  if (!("act" in event.target.dataset)) return;
  event.preventDefault();
  void send(event.target);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  void visit(link.href);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (!("entersends" in event.target.dataset || "enterSends" in event.target.dataset)) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("change", (event) => {
  if ("sends" in event.target.dataset && event.target.files.length > 0) {
    event.target.form.requestSubmit();
    event.target.value = "";
  }
});

toEnds();
addEventListener("popstate", () => void visit(location.href, { isNew: false }));

connect();
