// Files are sent with a bar that shows how far they have come; without this, the form sends them itself.
(() => {
  const begin = (form) => {
    const file = form.querySelector("input[type=file]").files[0];
    const state = form.querySelector(".upload-state");
    const bar = state.querySelector("progress");
    const share = state.querySelector(".upload-share");
    const said = form.querySelector(".upload-said");
    const button = form.querySelector("button[type=submit]");
    said.textContent = "";
    if (file.size > Number(form.dataset.most)) {
      said.textContent = form.dataset.tooLarge;
      return;
    }
    const request = new XMLHttpRequest();
    const over = (text) => {
      state.hidden = true;
      button.disabled = false;
      said.textContent = text;
    };
    state.hidden = false;
    button.disabled = true;
    bar.value = 0;
    state.querySelector("[data-abort]").onclick = () => request.abort();
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.floor((100 * event.loaded) / event.total);
      share.textContent = `${bar.value} %`;
    };
    request.upload.onload = () => {
      said.textContent = form.dataset.sent;
    };
    request.onerror = () => over(form.dataset.lost);
    request.onabort = () => over("");
    request.onload = () => {
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = answer.querySelector("main");
      if (!main) return over(form.dataset.lost);
      if (request.status === 200) history.replaceState(null, "", request.responseURL);
      document.title = answer.title;
      document.querySelector("main").replaceWith(main);
      const first = main.querySelector("[data-focus]") || main;
      first.focus({ preventScroll: true });
      first.scrollIntoView({ block: "center" });
      return undefined;
    };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form));
  };

  // Before anybody else hears of it, so that the form is not sent twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-upload]") || !form.querySelector("input[type=file]").files.length) return;
    event.preventDefault();
    begin(form);
  }, true);
})();
