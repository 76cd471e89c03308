// Rows of a draft, added and removed in place. A removed row stays in the form, ticked for removal, so that numbers hold.
window.Rows = (() => {
  const MOST = 60;
  const said = JSON.parse(document.getElementById("said-of-saving").textContent);
  const sections = () => [...document.querySelectorAll("[data-rows]")];
  const rowsOf = (section) => [...section.querySelectorAll("[data-row]")];
  const total = (section) => section.querySelector(`[name="${section.id}-TOTAL_FORMS"]`);
  const changed = (where) => where.dispatchEvent(new Event("input", { bubbles: true }));

  // A new empty row at the end of a section.
  const add = (section) => {
    const number = Number(total(section).value);
    const blank = section.querySelector("template[data-blank]");
    const made = document.createElement("template");
    made.innerHTML = blank.innerHTML.replaceAll("__prefix__", number).replaceAll("__number__", number + 1);
    const row = made.content.firstElementChild;
    blank.before(row);
    total(section).value = number + 1;
    ready(section, row, number);
    window.htmx?.process(row);
    return row;
  };

  const ready = (section, row, number) => {
    const name = `${section.id}-${number}-DELETE`;
    let tick = row.querySelector(`[name="${name}"]`);
    if (tick) {
      tick.closest(".field").hidden = true;
    } else {
      tick = document.createElement("input");
      Object.assign(tick, { type: "checkbox", name, hidden: true, ariaHidden: "true", tabIndex: -1 });
      row.append(tick);
    }
    const note = document.createElement("p");
    const back = Object.assign(document.createElement("button"), { type: "button", className: "button quiet" });
    const away = Object.assign(document.createElement("button"), { type: "button", className: "as-link" });
    const heading = row.querySelector("h3, summary");
    note.className = "removed";
    note.hidden = true;
    note.append(`${heading.textContent.trim()} · ${said.removed} `, back);
    back.textContent = said.undo;
    away.textContent = said.remove;
    away.setAttribute("aria-label", `${said.remove} · ${heading.textContent.trim()}`);
    (row.querySelector(":scope > .form") || row).append(away);
    row.after(note);
    const show = (isGone) => {
      tick.checked = isGone;
      row.hidden = isGone;
      note.hidden = !isGone;
    };
    row.markRemoved = () => show(true);
    away.addEventListener("click", () => {
      show(true);
      back.focus();
      changed(note);
    });
    back.addEventListener("click", () => {
      show(false);
      away.focus();
      changed(note);
    });
    if (tick.checked) {
      show(true);
    }
  };

  // As many rows as a form had that comes back from storage; what was rendered beyond them is left to the server.
  const fit = (section, count) => {
    while (Number(total(section).value) < count) {
      add(section);
    }
    for (const row of rowsOf(section).slice(count)) {
      row.nextElementSibling.remove();
      row.remove();
    }
    total(section).value = count;
  };

  for (const section of sections()) {
    rowsOf(section).forEach((row, number) => ready(section, row, number));
    section.querySelector("[data-add]").addEventListener("click", (event) => {
      event.preventDefault();
      if (rowsOf(section).filter((row) => !row.hidden).length >= MOST || Number(total(section).value) >= MOST + 10) {
        Rows.say?.(said.full);
        return;
      }
      const row = add(section);
      changed(row);
      row.querySelector("input:not([type=hidden]):not([hidden]), textarea, select").focus();
    });
  }

  // Which stored row each row is from now on.
  const fill = (keys) => {
    for (const [section, list] of Object.entries(keys)) {
      list.forEach((key, number) => {
        const field = document.querySelector(`[name="${section}-${number}-row"]`);
        if (field) {
          field.value = key;
        }
      });
    }
  };

  return { sections, rowsOf, fit, fill, said };
})();
