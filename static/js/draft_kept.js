// What was typed into drafts and not stored yet, in this browser's own storage: one entry for each person, draft and tab.
window.Kept = (() => {
  const PREFIX = "iltizam-draft:";
  const tab = Math.random().toString(36).slice(2, 12);
  const name = (person, draft, of = tab) => `${PREFIX}${person}:${draft}:${of}`;

  // Every entry of a person, the newest first.
  const all = (person) => {
    const found = [];
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const key = localStorage.key(at);
        if (key.startsWith(`${PREFIX}${person}:`)) {
          found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
        }
      }
    } catch {
      // No storage here: then nothing was kept.
    }
    return found.sort((one, other) => other.at - one.at);
  };

  const drop = (key) => {
    try {
      localStorage.removeItem(key);
    } catch {
      // As above.
    }
  };

  // Whether it is kept: a browser may have no storage, or a full one.
  const keep = (person, draft, entry) => {
    try {
      localStorage.setItem(name(person, draft), JSON.stringify({ ...entry, draft, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  };

  return { all, drop, keep, name };
})();
