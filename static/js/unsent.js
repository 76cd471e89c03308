// The drafts of this person that this browser has not sent yet, with the way back to each.
{
  const section = document.querySelector("[data-unsent]");
  const list = section.querySelector("ul");
  const received = new Set(section.dataset.received.split(" "));
  for (const entry of Kept.all(section.dataset.unsent)) {
    if (received.has(entry.submitted)) {
      Kept.drop(entry.key);
      continue;
    }
    const item = document.createElement("li");
    const link = document.createElement("a");
    item.className = "pledge";
    link.href = entry.address;
    link.dir = "auto";
    link.textContent = entry.title || list.dataset.nameless;
    item.append(link);
    list.append(item);
    section.hidden = false;
  }
}
