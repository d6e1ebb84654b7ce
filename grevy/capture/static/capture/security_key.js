/* A security key answers the server's question: at the second step of a log-in, and when a key is added. */

const form = document.querySelector("[data-key-form]"), button = form.querySelector("[data-use-key]");
const question = JSON.parse(document.getElementById("key-question").textContent).publicKey;
const isNew = form.dataset.keyForm === "create";

async function answer() {
  const problem = form.querySelector("[data-key-problem]");
  problem.hidden = true;
  if (isNew && !form.reportValidity()) return;
  try {
    const credential = isNew
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
    form.querySelector("[name=credential]").value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch { problem.hidden = false; } // taken away, timed out, or no key of this account
}

// Browsers give keys over HTTPS and on this machine only; elsewhere the code remains.
if (globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON) {
  button.hidden = false;
  button.addEventListener("click", answer);
}
