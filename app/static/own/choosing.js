// Units are found while one types, and counted while they are chosen; without this, by the button.
(() => {
  const form = document.querySelector("form[data-choosing]");
  if (!form) return;
  const filter = form.querySelector("[data-filter]");
  const rows = [...form.querySelectorAll(".unit-tree > li")];
  const count = form.querySelector("[data-count]");
  const fold = (text) => text.normalize("NFC").toLocaleLowerCase("da");
  const names = rows.map((row) => fold(row.textContent));

  const narrow = () => {
    const words = fold(filter.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      const box = row.querySelector("input");
      const fits = words.every((word) => names[place].includes(word)) || (box && box.checked);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    form.querySelector(".no-unit").hidden = shown > 0;
  };
  const tell = () => {
    const chosen = form.querySelectorAll("input[name=unit_ids]:checked").length;
    count.textContent = chosen === 0 ? "" : chosen === 1 ? count.dataset.one : count.dataset.many.replace("{n}", chosen);
  };
  filter.addEventListener("input", narrow);
  form.addEventListener("change", tell);
  tell();
})();
