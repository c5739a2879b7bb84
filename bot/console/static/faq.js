// The preview follows what is written.

for (const shown of document.querySelectorAll("[data-preview]")) {
  const field = document.querySelector(`[name="${shown.dataset.preview}"]`);
  const draw = () => { shown.textContent = field.value; };
  field.addEventListener("input", draw);
  draw();
}
