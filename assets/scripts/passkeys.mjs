// Lets a browser make and use passkeys. Without this script, or in a browser that has none, the forms stay hidden and
// the page says what else to do. What a passkey answers goes into the form, and the form is sent like any other.
const able = typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

async function optionsOf(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
  });
  const told = await answer.json();
  if (!answer.ok) {
    throw new Error(told.error);
  }
  return told;
}

async function answerOf(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

function problemOf(error) {
  if (error.name === "NotAllowedError") {
    return "Nothing was done. Your device did not confirm, or you took too long. Try again.";
  }
  if (error.name === "InvalidStateError") {
    return "This device has a passkey for you already.";
  }
  return "That did not work on this device. Try again, or choose another way.";
}

function say(form, text) {
  const place = form.querySelector(".hub-passkey__problem");
  place.replaceChildren();
  if (text) {
    const line = document.createElement("p");
    line.className = "govuk-error-message";
    line.textContent = text;
    place.append(line);
  }
}

async function send(form) {
  say(form, "");
  try {
    form.elements.answer.value = JSON.stringify(await answerOf(form));
  } catch (error) {
    say(form, problemOf(error));
    return;
  }
  form.submit();
}

if (able) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void send(form);
    });
  }
  for (const line of document.querySelectorAll(".hub-passkey__none")) {
    line.hidden = true;
  }
}
