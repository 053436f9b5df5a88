// Beside the address of a feed, a button that copies it. Without this the addresses are links.
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(link => {
  const button = document.createElement("button");
  button.textContent = "Copy";
  button.onclick = async () => {
    await navigator.clipboard.writeText(link.href);
    button.textContent = "Copied";
  };
  link.after(" ", button);
});
