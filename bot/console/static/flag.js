// Flagging the message that j and k have reached.

const form = document.querySelector("[data-flag]");

document.querySelector('[data-open="flag"]')?.addEventListener("click", () => {
  const row = document.querySelector("[data-row].at");
  const event = row?.id.startsWith("turn-") ? row.id.slice(5) : "";
  if ([...form.event.options].some(option => option.value === event)) form.event.value = event;
});
