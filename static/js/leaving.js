// A form that does not save itself: whoever leaves the page with words that were not sent is asked first.
// `data-leaving="typed"` says that the form holds such words from the start, since it came back to be put right.

for (const form of document.querySelectorAll("form[data-leaving]")) {
  let isUnsent = form.dataset.leaving === "typed";
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      isUnsent ||= event.target.form === form;
    });
  }
  addEventListener("submit", (event) => {
    isUnsent &&= event.target !== form || event.defaultPrevented;
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsent) {
      event.preventDefault();
    }
  });
}
