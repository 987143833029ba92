// Keeps the sandbox page live: asks each second what is new and adds it where it belongs. Without this script
// the page works by reload.
const EVERY_MS = 1000;
const page = document.querySelector("[data-sandbox]");
const status = { seen: page.dataset.seen, asking: false };

function toEnd(log) {
  if (!("newestFirst" in log.dataset)) {
    log.scrollTop = log.scrollHeight;
  }
}

function add(log, items) {
  const known = new Set([...log.querySelectorAll("[data-key]")].map((item) => item.dataset.key));
  const fresh = items.filter((item) => !known.has(item.key));
  for (const item of fresh) {
    const holder = document.createElement("template");
    holder.innerHTML = item.html;
    const article = holder.content.firstElementChild;
    article.classList.add("hub-sandbox__fresh");
    if ("newestFirst" in log.dataset) {
      log.prepend(article);
    } else {
      log.insertBefore(article, log.querySelector(".hub-sandbox__none"));
    }
  }
  if (fresh.length > 0) {
    toEnd(log);
  }
}

async function ask() {
  if (status.asking || document.hidden) {
    return;
  }
  status.asking = true;
  const line = document.getElementById("sandbox-line");
  try {
    const address = new URL(page.dataset.sandbox, location.href);
    address.searchParams.set("seen", status.seen);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.status === 200) {
      const news = await answer.json();
      for (const [channel, items] of Object.entries(news.items)) {
        add(document.getElementById(`sandbox-${channel}`), items);
      }
      status.seen = news.seen;
    }
    const now = document.getElementById("sandbox-now");
    if (now && answer.headers.get("X-Hub-Now")) {
      now.textContent = answer.headers.get("X-Hub-Now");
    }
    line.textContent = answer.ok ? "" : "The hub does not answer as it should. Reload the page.";
  } catch {
    line.textContent = "The hub does not answer. This page goes on trying.";
  } finally {
    status.asking = false;
  }
}

function say(form, text) {
  form.querySelector(".hub-sandbox__problem")?.remove();
  if (text) {
    const line = document.createElement("p");
    line.className = "govuk-error-message hub-sandbox__problem";
    line.setAttribute("role", "alert");
    line.textContent = text;
    form.append(line);
  }
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  });
  if (!answer.ok) {
    say(form, (await answer.json()).error);
    return;
  }
  say(form, "");
  form.reset();
  form.elements.once.value = (await answer.json()).once;
  form.closest(".hub-press__form, .hub-mail__more, .hub-sandbox__new")?.removeAttribute("open");
  await ask();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-answer]")) {
    return;
  }
  event.preventDefault();
  send(form).catch(() => say(form, "That did not get through. Try again."));
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && event.target.matches("#sms-body, #slack-body")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

for (const chooser of document.querySelectorAll("[data-choose] select")) {
  chooser.addEventListener("change", () => chooser.form.requestSubmit());
}
for (const log of document.querySelectorAll("[role=log]")) {
  toEnd(log);
}
document.addEventListener("visibilitychange", () => void ask());
setInterval(() => void ask(), EVERY_MS);
