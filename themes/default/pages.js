// What these pages say of days gone by may be green.
root.className = "live";
// Beside the address of a feed, a button that copies it. Without this the addresses are links.
if (navigator.clipboard) addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-copy] a").forEach(link => {
  const button = document.createElement("button");
  const { copy, copied } = link.closest("[data-copy]").dataset;
  button.textContent = copy;
  button.onclick = async () => {
    await navigator.clipboard.writeText(link.href);
    button.textContent = copied;
  };
  link.after(button);
}));
