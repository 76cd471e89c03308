// A draft saves itself as one types. One saving at a time; what was sent and not answered is sent again as it was.
{
  const form = document.querySelector("form[data-draft]");
  const bar = document.querySelector("[data-saving]");
  const [says, see, signIn] = ["[data-says]", "[data-see]", "a[data-sign-in]"].map((each) => bar.querySelector(each));
  const { said } = Rows;
  const person = form.dataset.person;
  const PAUSE = 1000;
  const PATIENCE = 20_000;
  const LONGEST_WAIT = 60_000;
  // Until these are settled on a page of their own, nothing is sent by itself.
  const STOPPED = new Set(["overtaken", "published", "deleted"]);
  let address = form.getAttribute("action") || location.pathname;
  let draft = form.dataset.draft || form.elements.begun_as.value;
  let [state, timer, wait, pending, flight, isDirty, isKept, leaving] = ["", 0, 2000, null, null, false, true, null];

  const show = (name, words = said[name]) => {
    state = name;
    bar.hidden = !words;
    bar.dataset.state = name;
    if (says.textContent !== words) {
      says.textContent = words || "";
    }
    see.hidden = !STOPPED.has(name);
    see.textContent = name === "overtaken" ? said.see : said.see_typed;
    signIn.hidden = name !== "signed_out";
    signIn.textContent = said.sign_in;
  };
  Rows.say = (words) => show(state, words);

  const typed = () =>
    [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "then" && name !== "sending");

  const keep = (more = {}) => {
    const where = form.dataset.draft ? address : `${location.pathname}${location.search}#unsent-${draft}`;
    const title = form.elements.title.value;
    isKept = Kept.keep(person, draft, { address: where, title, fields: typed(), pending, ...more });
  };

  // Lines that wait to be made into rows are in the browser alone: nothing sends them before their button is pressed.
  const pasted = () => [...form.querySelectorAll("[name$='-pasted']")];
  const isWaiting = () => pasted().some((each) => each.value.trim());

  const csrf = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? form.elements.csrfmiddlewaretoken.value;

  // The form as it stands, without what waits to be pasted, under a name of its own.
  const body = () => {
    const fields = typed().filter(([name]) => !name.endsWith("-pasted"));
    return new URLSearchParams([...fields, ["sending", Math.random().toString(36).slice(2, 14)]]).toString();
  };

  const clearFaults = () => {
    form.querySelectorAll("[data-fault], .errorlist").forEach((each) => each.remove());
    form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
    form.querySelectorAll(".has-error").forEach((each) => each.classList.remove("has-error"));
  };

  const showFaults = (faults) => {
    clearFaults();
    for (const [id, sentences] of Object.entries(faults)) {
      const place = document.getElementById(id);
      const field = place?.closest(".field") || place;
      if (!field) {
        continue;
      }
      const list = Object.assign(document.createElement("ul"), { className: "errorlist", id: `${id}_fault` });
      list.dataset.fault = id;
      list.append(...sentences.map((each) => Object.assign(document.createElement("li"), { textContent: each })));
      if (field === place) {
        place.querySelector("h2, h3, summary")?.after(list);
      } else {
        field.classList.add("has-error");
        (place.closest("fieldset") ? field : place).before(...(place.closest("fieldset") ? [] : [list]));
        if (place.closest("fieldset")) {
          field.prepend(list);
        }
        place.setAttribute("aria-invalid", "true");
        const described = new Set((place.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
        place.setAttribute("aria-describedby", [...described.add(list.id)].join(" "));
      }
      for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) {
        box.open = true;
      }
    }
  };

  const stored = (answer) => {
    const before = Kept.name(person, draft);
    for (const [name, value] of Object.entries(answer.hidden)) {
      form.elements[name].value = value;
    }
    Rows.fill(answer.rows);
    if (draft !== answer.draft) {
      draft = form.dataset.draft = answer.draft;
      address = answer.address;
      form.action = address;
      history.replaceState(null, "", address);
    }
    pending = null;
    wait = 2000;
    clearFaults();
    Kept.drop(before);
    if (isDirty) {
      keep();
      show("unsaved");
      plan(0);
    } else {
      settled(answer.says);
    }
  };

  const settled = (words) => {
    if (isWaiting()) {
      keep({ isPastedOnly: true });
      show("pasted");
    } else {
      show("saved", words);
    }
  };

  const heard = async (response) => {
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    if (answer.state === "saved") {
      stored(answer);
    } else if (answer.state === "invalid") {
      pending = null;
      keep();
      showFaults(answer.faults);
      show("invalid", answer.says);
    } else if (STOPPED.has(answer.state)) {
      pending = null;
      keep();
      show(answer.state);
    } else if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      show("signed_out");
    } else if (response.status === 404) {
      show("deleted");
    } else {
      throw new Error(`answered ${response.status}`);
    }
  };

  // A name that is still being typed, of which nothing is chosen yet, is nobody's.
  const isHalfNamed = () => {
    const field = document.activeElement;
    if (!field?.matches("[role=combobox]") || !field.value) {
      return false;
    }
    const list = form.elements[field.name.replace(/_name$/, "")];
    return list?.selectedOptions?.[0]?.textContent.trim() !== field.value;
  };

  const later = () => {
    plan(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  const save = async (isLeaving = false) => {
    clearTimeout(timer);
    if (flight || STOPPED.has(state) || !(pending || isDirty)) {
      return;
    }
    if (!isLeaving && isHalfNamed()) {
      plan(PAUSE);
      return;
    }
    if (!pending) {
      pending = body();
      isDirty = false;
    }
    keep();
    if (state !== "offline") {
      show("saving");
    }
    const patience = new AbortController();
    const bell = setTimeout(() => patience.abort(), PATIENCE);
    flight = fetch(address, {
      method: "POST",
      body: pending,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-CSRFToken": csrf(),
        "X-Typed-By": person,
      },
      redirect: "manual",
      keepalive: isLeaving && pending.length < 60_000,
      signal: patience.signal,
    });
    let isAnswered = false;
    try {
      const response = await flight;
      [flight, isAnswered] = [null, true];
      await heard(response);
    } catch {
      flight = null;
      const isOff = !navigator.onLine || !(isAnswered || patience.signal.aborted);
      show(isKept ? (isOff ? "offline" : "failed") : "offline_unkept");
      later();
    } finally {
      clearTimeout(bell);
    }
    goOn();
  };

  // A button that was pressed during a saving, or without a connection, does its work once all is settled.
  const goOn = () => {
    if (["unsaved", "offline", "failed"].includes(state)) {
      return;
    }
    const button = leaving;
    leaving = null;
    if (button && ["saved", "pasted", "invalid"].includes(state)) {
      form.requestSubmit(button);
    }
  };

  const plan = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };

  const touched = (event) => {
    if (event.target.closest("[hx-post], [hx-get]") === event.target && !event.target.name) {
      return;
    }
    isDirty = true;
    leaving = null; // who types on has not left
    if (!form.dataset.draft) {
      history.replaceState(null, "", `#unsent-${draft}`);
    }
    keep();
    if (["", "saved", "pasted"].includes(state)) {
      show("unsaved");
    }
    if (!STOPPED.has(state)) {
      plan(PAUSE);
    }
  };

  const fillFrom = (entry, controls) => {
    const byName = new Map();
    for (const [name, value] of entry.fields) {
      byName.set(name, [...(byName.get(name) || []), value]);
    }
    for (const control of controls) {
      const values = byName.get(control.name) || [];
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = values.includes(control.value);
        if (control.checked && control.name.endsWith("-DELETE")) {
          control.closest("[data-row]").markRemoved();
        }
      } else {
        [control.value = ""] = values;
        if (control.value) {
          control.closest("details")?.setAttribute("open", "");
        }
      }
    }
  };

  // What was typed into a draft that is gone begins another one: nothing that ties it to the old one comes along.
  const CARRIED = /^(version|opened|begun_as|proof|for)$|-row$/;

  const restore = (entry, { asNew = false } = {}) => {
    for (const section of Rows.sections()) {
      Rows.fit(section, Number(entry.fields.find(([name]) => name === `${section.id}-TOTAL_FORMS`)?.[1] || 0));
    }
    const isTyped = ({ name, type }) =>
      name && name !== "csrfmiddlewaretoken" && type !== "submit" && !(asNew && CARRIED.test(name));
    fillFrom(entry, [...form.elements].filter(isTyped));
    pending = asNew ? null : entry.pending;
    isDirty = true;
    Kept.drop(entry.key);
    keep();
    show("restored");
    plan(PAUSE);
  };

  const takeUp = () => {
    const asked = /^#unsent-([\w-]+)$/.exec(location.hash)?.[1];
    const wanted = form.dataset.draft || asked;
    const entries = Kept.all(person).filter((each) => each.draft === wanted);
    const received = form.dataset.received.split(" ")[0];
    const isBack = (each) => each.submitted && each.submitted === received;
    entries.filter(isBack).forEach((each) => Kept.drop(each.key));
    const entry = entries.find((each) => !isBack(each));
    const isGone = !form.dataset.draft && /^\d+$/.test(wanted);
    if (form.hasAttribute("data-bound")) {
      entries.filter((each) => each.submitted).forEach((each) => Kept.drop(each.key));
      if (!form.hasAttribute("data-published")) {
        isDirty = true;
        keep();
      }
    } else if (entry?.isPastedOnly && !isGone) {
      fillFrom(entry, pasted());
      Kept.drop(entry.key);
      settled();
    } else if (entry) {
      draft = isGone ? draft : entry.draft;
      restore(entry, { asNew: isGone });
    }
  };

  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("focusout", () => isDirty && !STOPPED.has(state) && plan(200));
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) {
      return;
    }
    if (STOPPED.has(state)) {
      pending = null;
    } else if (flight || pending || !navigator.onLine) {
      event.preventDefault();
      leaving = event.submitter;
      isDirty = true;
      save();
      return;
    }
    const sending = Math.random().toString(36).slice(2, 14);
    form.querySelector("[name=sending]")?.remove();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "sending", value: sending }));
    clearTimeout(timer);
    keep({ submitted: sending });
    isDirty = false;
  });
  addEventListener("online", () => (wait = 2000) && plan(0));
  addEventListener("focus", () => state === "signed_out" && plan(0));
  addEventListener("pagehide", () => save(true));
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeunload", (event) => isDirty && !isKept && event.preventDefault());
  if (!form.hasAttribute("data-published")) {
    takeUp();
  }
}
