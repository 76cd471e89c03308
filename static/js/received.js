// This page shows what was stored: what the browser kept of the form that was sent is needed no longer.
{
  const { person, received } = document.querySelector("[data-person][data-received]").dataset;
  const [sending] = received.split(" ");
  Kept.all(person)
    .filter((each) => each.submitted && each.submitted === sending)
    .forEach((each) => Kept.drop(each.key));
}
