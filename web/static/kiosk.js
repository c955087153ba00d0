// A screen in the town hall: whoever comes next finds nothing of who was there before. After a while without a touch the page says that it
// will be cleared, counts down, and begins anew in Italian; the address is replaced, so that going back leads nowhere.
(() => {
  "use strict";
  const box = document.getElementById("idle");
  if (!box) return;
  const wanted = Number(new URLSearchParams(location.search).get("idle"));
  const quiet = wanted >= 10 && wanted <= 900 ? wanted : 90;
  const countdown = Math.min(20, quiet);
  const text = document.getElementById("idle-text");
  const home = box.dataset.home + (wanted === quiet ? `&idle=${quiet}` : "");
  let last = Date.now();

  const again = () => location.replace(home);
  const awake = () => {
    last = Date.now();
    if (box.open) box.close();
  };
  for (const name of ["pointerdown", "keydown", "wheel", "touchmove", "input"]) document.addEventListener(name, awake, { capture: true, passive: true });
  box.querySelector("button").addEventListener("click", awake);
  document.getElementById("again").addEventListener("click", again);
  setInterval(() => {
    const used = document.querySelector(".turn") || document.getElementById("question").value || document.querySelector("dialog[open]") || document.documentElement.lang !== "it";
    const idle = (Date.now() - last) / 1000;
    if (!used || idle < quiet) return;
    const rest = Math.ceil(quiet + countdown - idle);
    if (rest <= 0) return again();
    text.textContent = box.dataset.text.replace("#", rest);
    if (!box.open) {
      document.getElementById("panel").close?.();
      box.showModal();
    }
  }, 250);

  // Nothing leads out of the house: telephone numbers and addresses are to be read, links to other pages do not open, languages replace the page.
  const tame = () => {
    for (const a of document.querySelectorAll("a[href^='tel:'], a[href^='mailto:'], .panel-links a, .form-card a, .it-brand-wrapper a")) a.removeAttribute("href");
  };
  tame();
  new MutationObserver(tame).observe(document.body, { childList: true, subtree: true });
  document.addEventListener("click", (event) => {
    const a = event.target.closest("a[href]");
    if (!a || event.defaultPrevented) return;
    event.preventDefault();
    if (new URL(a.href).pathname === location.pathname && !a.hash) location.replace(a.href);
    else if (a.hash) document.querySelector(a.hash)?.focus();
  });
  document.addEventListener("contextmenu", (event) => event.preventDefault());
})();
