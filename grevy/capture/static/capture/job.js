/* Work in the background: asks each second how far it is, and shows the page anew once it has ended. */

for (const job of document.querySelectorAll("[data-job]")) watch(job);

function watch(job) {
  async function look() {
    const answer = await fetch(job.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) return; // logged out, or gone: the link on the page says what became of it
    const now = await answer.json();
    if (!now.open) return location.reload();
    job.querySelector("[data-job-told]").textContent = now.told;
    const bar = job.querySelector("[data-job-bar]");
    if (now.total) { bar.max = now.total; bar.value = now.done; }
    again(1000);
  }

  /* A network that fails is asked once more later, however often it fails. */
  function again(wait) { setTimeout(() => look().catch(() => again(5000)), wait); }

  again(500);
}
