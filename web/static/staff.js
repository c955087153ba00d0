// The staff console: every page works without this. It asks before what cannot be taken back, and keeps the focus in order after a
// piece of a page was replaced.
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const words = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (words && !window.confirm(words)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
  // On a phone the menu is one line: the place where one is comes into sight.
  const menu = document.querySelector(".staff-menu ul"), here = menu?.querySelector("[aria-current]");
  if (here) menu.scrollLeft += here.getBoundingClientRect().left - menu.getBoundingClientRect().left - menu.clientWidth / 3;
  // A form that is under way is not sent twice.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.hasAttribute("hx-post")) return;
    const button = event.submitter;
    if (button && !button.name) setTimeout(() => { button.disabled = true; }, 0);
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[disabled][type=submit]:not([data-off])")) button.disabled = false;
  });
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
})();
