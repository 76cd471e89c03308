// The drafts of this person that this browser has not sent yet, with the way back to each.
{
  const section = document.querySelector("[data-unsent]");
  const list = section.querySelector("ul");
  for (const entry of Kept.all(section.dataset.unsent)) {
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
