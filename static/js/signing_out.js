// Signing out while this browser holds drafts that were not sent: first the page that says so, then another press.
{
  for (const note of document.querySelectorAll("[data-unsent-of]")) {
    const says = note.querySelector("[data-says]");
    const count = Kept.all(note.dataset.unsentOf).length;
    says.textContent = says.dataset.says.replace("{}", count);
    note.hidden = count === 0;
  }
  for (const form of document.querySelectorAll("[data-signs-out]")) {
    form.addEventListener("submit", (event) => {
      if (document.querySelector("[data-unsent-of]") || !Kept.all(form.dataset.signsOut).length) return;
      event.preventDefault();
      location.assign(form.action);
    });
  }
}
