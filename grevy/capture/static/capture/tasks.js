// A solved task leaves without a reload: when one comes back to the page, the list is asked for anew. What has
// focus keeps it, and the count below the list is announced by itself.
const board = document.querySelector("[data-tasks]");
let asking = false;

async function refresh() {
  if (asking || document.visibilityState !== "visible") return;
  asking = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-tasks]");
    if (!fresh || fresh.innerHTML === board.innerHTML) return;
    const focused = board.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    board.replaceChildren(...fresh.childNodes);
    if (focused) {
      const again = [...board.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused);
      (again || board.querySelector("a"))?.focus();
    }
  } catch {
    // Without a network the list stays as it is; the next return asks again.
  } finally {
    asking = false;
  }
}

if (board) {
  document.addEventListener("visibilitychange", refresh);
  window.addEventListener("pageshow", (event) => event.persisted && refresh());
}
