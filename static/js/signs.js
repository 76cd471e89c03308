// The draft of a meeting: a proposed sign taken by one press, and each row told back on its own.
// Nothing here is needed: a sign can be copied, and the words stand in the row once the draft is saved.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sign]");
  const row = button?.closest(".card");
  const sign = row?.querySelector('textarea[name$="-sign"]');
  if (!sign) return;
  sign.value = [sign.value.trim(), button.dataset.sign].filter(Boolean).join("\n");
  // Whoever takes it proposes it: it must not pass for a word of the record.
  row.querySelector('select[name$="-sign_from"]').value = "association";
  sign.dispatchEvent(new Event("input", { bubbles: true }));
  sign.dispatchEvent(new Event("change", { bubbles: true }));
  sign.focus();
});

// A row asks for its own words: only its fields travel, and what all rows share.
document.addEventListener("htmx:configRequest", (event) => {
  const row = /^(.+-)in-words$/.exec(event.target.id)?.[1];
  if (!row) return;
  const shared = new Set(["csrfmiddlewaretoken", "held_on", "language"]);
  for (const name of [...event.detail.formData.keys()]) {
    if (!name.startsWith(row) && !shared.has(name)) event.detail.formData.delete(name);
  }
});
