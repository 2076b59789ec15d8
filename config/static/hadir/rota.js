"use strict";
// Marks the squares of a rota that were changed, and asks before they are lost: the other buttons do not save them.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("hd-rota");
  const line = document.getElementById("hd-unsaved");
  if (!form || !line) return;
  const changed = (box) => !box.options[box.selectedIndex].defaultSelected;
  const boxes = () => [...form.querySelectorAll("select")];
  let saving = false;
  const show = () => {
    boxes().forEach((box) => box.classList.toggle("hd-changed", changed(box)));
    line.textContent = boxes().some(changed) ? line.dataset.text : "";
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", () => { saving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!saving && boxes().some(changed)) event.preventDefault();
  });
  show();
});
