// Uploads of the staff console: drag and drop, folders, progress. Without this the same form sends the same files, and the page of an
// upload reloads itself.
(() => {
  "use strict";
  for (const all of document.querySelectorAll("[data-all]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of all.form.elements[all.dataset.all].length ? all.form.elements[all.dataset.all] : [all.form.elements[all.dataset.all]]) box.checked = all.checked;
    });
  }
  listen();
  const form = document.getElementById("upload");
  if (form) upload(form);

  // The piece of the page that shows how far an upload is comes as an event whenever it changes. Where events do not come through, it is
  // asked for.
  function listen() {
    const piece = document.getElementById("progress");
    if (!piece?.dataset.events) return;
    if (!window.EventSource) return follow();
    const events = new EventSource(piece.dataset.events);
    events.addEventListener("progress", (event) => {
      show(JSON.parse(event.data));
      if (!document.getElementById("progress").dataset.again) events.close();
    });
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) follow(); // it does not try again by itself
    });
  }

  // The piece says itself where to ask again, until it is over.
  function follow() {
    const piece = document.getElementById("progress");
    if (!piece?.dataset.again) return;
    setTimeout(async () => {
      try {
        const response = await fetch(piece.dataset.again, { headers: { "HX-Request": "true" } });
        if (response.status === 401) return location.reload();
        if (response.ok) show(await response.text());
      } catch { /* the server is away for a moment: ask again */ }
      follow();
    }, 1000);
  }

  function show(html) {
    const piece = document.getElementById("progress");
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.querySelector("#progress");
    if (!fresh) return;
    const at = piece.querySelector(".table-scroll")?.scrollTop;
    if (piece.contains(document.activeElement)) patch(piece, fresh);
    else piece.replaceWith(fresh);
    const now = document.querySelector("#progress .table-scroll");
    if (now && at) now.scrollTop = at;
  }

  // While something in the piece has the focus, only what shows the progress is put in place of the old.
  function patch(old, now) {
    for (const part of [".job-bar", ".job-line", ".job-counts", "tbody"]) {
      const a = old.querySelector(part), b = now.querySelector(part);
      if (a && b) a.replaceWith(b);
    }
    if (now.dataset.again) return;
    old.replaceWith(now);
    document.getElementById("main").focus();
  }

  function upload(form) {
    const drop = document.getElementById("drop"), input = document.getElementById("files"), tree = document.getElementById("tree");
    const chosen = document.getElementById("chosen"), bar = document.getElementById("sent"), problem = document.getElementById("upload-problem");
    let files = []; // [file, path]
    drop.querySelector(".drop-words").hidden = false;
    if ("webkitdirectory" in tree) drop.querySelector(".folder-choice").hidden = false;
    input.required = false;
    const show = () => {
      const names = files.slice(0, 5).map(([, path]) => path).join(", ");
      chosen.textContent = files.length ? `${form.dataset.chosen} ${files.length} (${names}${files.length > 5 ? "…" : ""})` : "";
    };
    const add = (list) => { files = files.concat(list); show(); };
    for (const source of [input, tree]) {
      source.addEventListener("change", () => {
        files = files.filter(([file]) => file.from !== source.id);
        add(Array.from(source.files, (file) => { file.from = source.id; return [file, file.webkitRelativePath || file.name]; }));
      });
    }
    for (const event of ["dragenter", "dragover"]) drop.addEventListener(event, (e) => { e.preventDefault(); drop.classList.add("over"); });
    for (const event of ["dragleave", "drop"]) drop.addEventListener(event, () => drop.classList.remove("over"));
    drop.addEventListener("drop", async (e) => {
      e.preventDefault();
      const entries = Array.from(e.dataTransfer.items, (item) => item.webkitGetAsEntry?.()).filter(Boolean);
      const plain = Array.from(e.dataTransfer.files, (file) => [file, file.name]);
      add(entries.length ? (await Promise.all(entries.map((entry) => walk(entry, "")))).flat() : plain);
    });
    form.addEventListener("submit", (e) => {
      if (!files.length) return; // the page says that none was chosen
      e.preventDefault();
      problem.hidden = true;
      const body = new FormData();
      for (const name of ["visibility", "kind", "office", "folder"]) body.append(name, form.elements[name].value);
      for (const [file, path] of files) body.append("files", file, path);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-CSRF-Token", form.dataset.token);
      request.setRequestHeader("Accept", "application/json");
      bar.hidden = false;
      chosen.textContent = form.dataset.sending;
      request.upload.addEventListener("progress", (p) => { if (p.lengthComputable) bar.value = 100 * p.loaded / p.total; });
      request.addEventListener("load", () => {
        if (request.status === 201) { location.assign(JSON.parse(request.responseText).location); return; }
        if (request.status === 303 || request.status === 401) { location.reload(); return; }
        failed();
      });
      request.addEventListener("error", failed);
      request.send(body);
      function failed() {
        bar.hidden = true;
        show();
        problem.textContent = form.dataset.failed;
        problem.hidden = false;
        for (const button of form.querySelectorAll("button")) button.disabled = false;
      }
    });
  }

  // walk gives the files below a folder that was dropped, with their paths.
  async function walk(entry, above) {
    const path = above + entry.name;
    if (entry.isFile) return [[await new Promise((ok, no) => entry.file(ok, no)), path]];
    const reader = entry.createReader();
    const all = [];
    for (;;) { // a reader gives a hundred at a time
      const some = await new Promise((ok, no) => reader.readEntries(ok, no));
      if (!some.length) return all;
      for (const child of some) all.push(...await walk(child, path + "/"));
    }
  }
})();
