// A list from the register becomes one field in which names are found as one types (ARIA 1.2, editable combobox with a
// listbox). Without this script the list and the place to write a name stand side by side; the server takes either.
// Every word comes from the page: the data attributes of this script's own element.
(() => {
  const words = document.currentScript.dataset;
  const WAIT = 150;
  const LEAST = 3; // letters of a name that may be added
  let count = 0;

  const fold = (text) =>
    text.normalize("NFKD").toLowerCase()
      .replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").replace(/[\u0621\u0640]/g, "")
      .replace(/\p{M}|\p{Cf}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  const make = (tag, attributes = {}, text = "") => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    return made;
  };

  const told = (select) => {
    for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  class Finder {
    constructor(select) {
      this.select = select;
      this.plain = select.nextElementSibling?.matches(".find-plain") ? select.nextElementSibling : null;
      this.input = this.plain?.querySelector("[data-find-name]") ?? make("input", { type: "text", autocomplete: "off" });
      this.asked = 0;
      this.results = [];
      this.active = -1;
      this.build();
      this.show();
      this.listen();
    }

    build() {
      const { select, input } = this;
      const list = `find-list-${(count += 1)}`;
      this.list = make("ul", { id: list, role: "listbox", hidden: "" });
      this.status = make("span", { role: "status", class: "visually-hidden" });
      this.box = make("div", { class: "find" });
      input.id ||= `${list}-input`;
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      if (label) {
        label.id ||= `${list}-label`;
        label.htmlFor = input.id;
        this.list.setAttribute("aria-labelledby", label.id);
        input.setAttribute("aria-labelledby", label.id);
      }
      for (const name of ["aria-describedby", "aria-invalid"]) {
        if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
      }
      for (const [name, value] of Object.entries({
        role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list,
        placeholder: words.placeholder, autocapitalize: "off", spellcheck: "false",
      })) input.setAttribute(name, value);
      select.classList.add("visually-hidden");
      select.tabIndex = -1;
      select.setAttribute("aria-hidden", "true");
      select.after(this.box);
      this.box.append(input, this.list, this.status);
      if (this.plain) this.plain.hidden = true;
    }

    // What is chosen stands in the field; a name that was written stays.
    show() {
      const chosen = this.select.selectedOptions[0];
      if (chosen?.value) this.input.value = chosen.textContent.trim();
    }

    listen() {
      const { select, input, list } = this;
      select.addEventListener("focus", () => input.focus());
      select.addEventListener("change", () => { if (!this.choosing) this.show(); });
      input.addEventListener("input", () => this.typed());
      input.addEventListener("keydown", (event) => this.pressed(event));
      input.addEventListener("click", () => { if (list.hidden) this.open(""); });
      input.addEventListener("blur", () => this.left());
      list.addEventListener("pointerdown", (event) => event.preventDefault());
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.take([...list.children].indexOf(option));
      });
    }

    typed() {
      if (this.select.value) this.set("", null);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(this.input.value), WAIT);
    }

    pressed(event) {
      const { key } = event;
      const last = this.list.children.length - 1;
      if (key === "ArrowDown" || key === "ArrowUp") {
        event.preventDefault();
        if (this.list.hidden) this.open(this.select.value ? "" : this.input.value);
        else this.move(key === "ArrowDown" ? (this.active < last ? this.active + 1 : 0) : (this.active > 0 ? this.active - 1 : last));
      } else if ((key === "Home" || key === "End") && this.active >= 0) {
        event.preventDefault();
        this.move(key === "Home" ? 0 : last);
      } else if (key === "Enter" && !this.list.hidden) {
        event.preventDefault();
        if (this.active >= 0) this.take(this.active);
        else this.close();
      } else if (key === "Escape" && !this.list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (key === "Tab" && this.active >= 0 && !this.list.hidden && this.results[this.active]) {
        this.take(this.active);
      }
    }

    // Of an answer that comes late, nothing is shown.
    async open(query) {
      const asked = (this.asked += 1);
      const text = query.trim();
      if (!text) return this.fill(this.inPage(""), "", "");
      let found = null;
      if (this.select.dataset.find && navigator.onLine) {
        const url = new URL(this.select.dataset.find, location.href);
        url.searchParams.set("q", text);
        try {
          const response = await fetch(url, { headers: { Accept: "application/json" } });
          if (response.ok && !response.redirected) found = await response.json();
        } catch { /* the connection is gone: the names in the page remain */ }
      }
      if (asked !== this.asked) return undefined;
      const only = this.select.dataset.find ? words.offline : "";
      return found ? this.fill(found.results, found.said, text) : this.fill(this.inPage(text), only, text);
    }

    inPage(text) {
      const terms = fold(text).split(" ").filter(Boolean);
      const options = [...this.select.options].filter((each) => each.value);
      return options
        .filter((each) => terms.every((term) => fold(each.textContent).includes(term)))
        .map((each) => ({ value: each.value, label: each.textContent.trim(), note: "" }));
    }

    fill(results, said, text) {
      this.results = results;
      const named = results.some((each) => fold(each.label) === fold(text));
      const rows = results.map((each, index) => this.row(index, each.label, each.note, each.value === this.select.value));
      if (text.length >= LEAST && !named && this.select.dataset.findAdd) {
        const add = this.row(rows.length, words.add.replace("{}", text), "", false);
        add.classList.add("add");
        rows.push(add);
      }
      this.list.replaceChildren(...rows);
      this.status.textContent = said;
      this.status.className = "visually-hidden";
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.expand(rows.length > 0 && document.activeElement === this.input);
    }

    row(index, label, note, isChosen) {
      const row = make("li", { id: `${this.list.id}-${index}`, role: "option", "aria-selected": String(isChosen) });
      row.append(make("bdi", {}, label));
      if (note) row.append(" ", make("span", { class: "note-of" }, note));
      return row;
    }

    expand(isOpen) {
      this.list.hidden = !isOpen;
      this.input.setAttribute("aria-expanded", String(isOpen));
    }

    move(index) {
      this.list.children[this.active]?.classList.remove("is-active");
      this.active = index;
      const row = this.list.children[index];
      if (!row) return;
      row.classList.add("is-active");
      row.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", row.id);
    }

    close() {
      clearTimeout(this.timer);
      this.asked += 1;
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.expand(false);
    }

    left() {
      this.close();
      if (!this.input.value.trim() && this.select.value) this.set("", null);
    }

    take(index) {
      const found = this.results[index];
      this.close();
      if (found) this.choose(found.value, found.label);
      else this.add(this.input.value.trim());
    }

    choose(value, label) {
      this.input.value = label;
      if (this.select.dataset.findTicks && tick(this.select.dataset.findTicks, value, label)) {
        this.input.value = "";
        this.set("", null);
        this.status.textContent = words.ticked.replace("{}", label);
      } else {
        this.set(value, label);
      }
    }

    set(value, label) {
      if (value && ![...this.select.options].some((each) => each.value === value)) {
        this.select.append(new Option(label, value));
      }
      this.choosing = true;
      this.select.value = value;
      told(this.select);
      this.choosing = false;
    }

    // Something to be read as well as heard, until the next search.
    say(sentence) {
      this.status.textContent = sentence;
      this.status.className = "hint";
    }

    add(name) {
      const url = new URL(this.select.dataset.findAdd, location.href);
      url.searchParams.set("name", name);
      propose(url, this);
    }
  }

  // Beside the boxes to tick that are there, one more, ticked; false where there is none to follow.
  function tick(name, value, label) {
    const boxes = [...document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
    let box = boxes.find((each) => each.value === value);
    if (!box) {
      const last = boxes.at(-1);
      if (!last) return false;
      const line = last.closest("label").parentElement.cloneNode(true);
      box = line.querySelector("input");
      box.value = value;
      box.id = `${last.id}-more`;
      box.removeAttribute("aria-invalid");
      line.querySelector("label").htmlFor = box.id;
      line.querySelector("label").replaceChildren(box, ` ${label}`);
      last.closest("label").parentElement.after(line);
    }
    box.checked = true;
    told(box);
    return true;
  }

  // The page of a proposal, above what is half typed; a browser that cannot show it so opens it beside.
  async function propose(url, finder) {
    const dialog = make("dialog", { class: "find-dialog" });
    if (!dialog.showModal) return void window.open(url, "_blank");
    const put = async (response) => {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const added = page.querySelector("[data-find-added]");
      if (added) {
        finder.choose(added.dataset.findAdded, added.dataset.findLabel);
        finder.say(added.querySelector("[data-find-next]")?.textContent.trim() ?? "");
        return dialog.close();
      }
      const form = page.querySelector("form[data-find-proposal]");
      if (!response.ok && !form) throw new Error(response.status);
      if (!form) throw new Error("no form");
      const parts = [page.querySelector("main h1"), page.querySelector("main .lead"), form].filter(Boolean);
      parts[0].id = "find-dialog-title";
      dialog.setAttribute("aria-labelledby", "find-dialog-title");
      dialog.replaceChildren(...parts);
      form.action = url.pathname + url.search;
      for (const button of dialog.querySelectorAll("[data-find-value], [data-find-close]")) button.hidden = false;
      dialog.querySelector("[data-takes-focus]")?.focus();
      return undefined;
    };
    dialog.addEventListener("close", () => { dialog.remove(); finder.input.focus(); finder.close(); });
    dialog.addEventListener("click", (event) => {
      const taken = event.target.closest("[data-find-value]");
      if (taken) finder.choose(taken.dataset.findValue, taken.dataset.findLabel);
      if (taken || event.target.closest("[data-find-close]")) dialog.close();
    });
    let isSending = false;
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isSending) return;
      isSending = true;
      try {
        await put(await fetch(event.target.action, { method: "POST", body: new FormData(event.target) }));
      } catch {
        const note = dialog.querySelector(".find-failed") ?? make("p", { class: "find-failed", role: "alert" });
        note.textContent = words.failed;
        event.target.prepend(note);
      }
      isSending = false;
    });
    try {
      const response = await fetch(url);
      document.body.append(dialog);
      await put(response);
      if (dialog.isConnected) dialog.showModal();
      return undefined;
    } catch {
      dialog.remove();
      finder.say(words.failed);
      return undefined;
    }
  }

  const enhance = (root) => {
    for (const select of root.querySelectorAll("select[data-find]")) {
      if (!select.finder) select.finder = new Finder(select);
    }
  };

  const begin = () => {
    enhance(document);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) {
        for (const node of addedNodes) if (node.nodeType === 1 && node.parentElement) enhance(node.parentElement);
      }
    }).observe(document.body, { childList: true, subtree: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
