// A passkey that could not be read or made: say so on the page, beside the button. Everything else works without it.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.querySelector("[data-passkey-failed]");
  if (note) {
    note.hidden = false;
    note.focus();
  }
});
