// Pages work without this; with it they are a little nicer.
(() => {
  const focusOnWhatMatters = (root) => {
    const first = root.querySelector("[data-focus]");
    if (!first) return;
    first.removeAttribute("data-focus"); // Once: what is fetched later does not take it back there.
    const panel = first.closest("details");
    if (panel) panel.open = true;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center" });
  };
  focusOnWhatMatters(document);
  document.addEventListener("htmx:after:swap", () => focusOnWhatMatters(document));

  // A button that has been pressed waits for its answer; the server takes two presses for one.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    setTimeout(() => {
      for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    });
  });
  // Coming back by the browser's own button, they can be pressed again.
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("form[method=post] button:disabled")) button.disabled = false;
  });

  // What the address points at is opened, as a panel that a link leads to.
  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) target.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();
})();
