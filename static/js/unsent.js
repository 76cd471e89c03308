// The drafts of this person that this browser has not sent yet, with the way back to each.
{
  const section = document.querySelector("[data-unsent]");
  const list = section.querySelector("ul");
  const { unsent: person, new: begin } = section.dataset;
  const listed = (words) => new Set(words.split(" ").filter(Boolean));
  const [received, drafts] = [listed(section.dataset.received), listed(section.dataset.drafts)];
  const made = (tag, properties) => Object.assign(document.createElement(tag), properties);

  // A draft that is stored no more, or published, is opened as a new one of the same association.
  const addressOf = (entry, isGone) => {
    const association = entry.fields.find(([name]) => name === "for")?.[1] || "";
    return isGone ? `${begin}?for=${encodeURIComponent(association)}#unsent-${entry.draft}` : entry.address;
  };

  const show = (entry) => {
    const isGone = /^\d+$/.test(entry.draft) && !drafts.has(entry.draft);
    const item = made("li", { className: "pledge" });
    const title = entry.title || list.dataset.nameless;
    const link = made("a", { href: addressOf(entry, isGone), dir: "auto", textContent: title });
    const discard = made("button", { type: "button", className: "as-link", textContent: list.dataset.discard });
    discard.setAttribute("aria-label", `${list.dataset.discard} · ${title}`);
    discard.addEventListener("click", () => {
      if (confirm(list.dataset.sure)) {
        Kept.drop(entry.key);
        item.remove();
        section.hidden = !list.children.length;
      }
    });
    item.append(link, ...(isGone ? [made("p", { className: "muted small", textContent: list.dataset.gone })] : []));
    item.append(made("p", {}));
    item.lastElementChild.append(discard);
    list.append(item);
    section.hidden = false;
  };

  for (const entry of Kept.all(person)) {
    if (received.has(entry.submitted)) {
      Kept.drop(entry.key);
    } else {
      show(entry);
    }
  }
}
