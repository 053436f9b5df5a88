// The front page alone: it says when it has grown too old to be believed, and gives way to a newer one when there is.
{
const find = (selector, part = document) => part.querySelector(selector);
const name = element => element.getAttribute("href") || (find(".name", element) || element).textContent;
const folds = {};
let asked = Date.now(), tag, timer;

// Nothing is green unless it may still be believed; the words can only follow when they are there.
const judge = () => {
  const left = Date.parse(dataset.validUntil) - Date.now();
  root.className = left > 0 ? "live" : "stale";
  const late = find("#late");
  clearTimeout(timer);
  if (left > 0) timer = setTimeout(judge, Math.min(left + 500, 1e4));
  else if (late?.hidden) {
    const headline = find("#headline span");
    const said = late.dataset.headline;
    find("#last").textContent = headline.textContent;
    headline.textContent = find("#heard").textContent = said;
    document.title = said + " – " + document.title;
    find("#headline use").setAttribute("href", "#is-unknown");
    find("#headline svg").setAttribute("class", "shape unknown");
    late.hidden = false;
  }
};

// Only what is newer replaces what is there: a cache or a mirror may be behind.
const show = next => {
  const { validUntil } = next.documentElement.dataset;
  if (!(validUntil > dataset.validUntil)) return;
  const before = find("#headline").textContent;
  const held = document.activeElement;
  for (const part of ["main", "footer"]) {
    const fresh = find(part, next);
    fresh.querySelectorAll("summary").forEach(fold => {
      if (name(fold) in folds) fold.parentNode.open = folds[name(fold)];
    });
    find(part).replaceWith(fresh);
    tellTimes(fresh);
  }
  dataset.validUntil = validUntil;
  document.title = next.title;
  const now = find("#headline").textContent;
  if (now != before) find("#heard").textContent = now;
  if (!held.isConnected)
    [...document.querySelectorAll(held.tagName)].find(same => name(same) == name(held))?.focus({ preventScroll: true });
  judge();
};

// Politely: only when somebody looks, once a minute, and not while text is being selected.
const ask = async () => {
  if (document.hidden || Date.now() - asked < 3e4 || !getSelection().isCollapsed) return;
  asked = Date.now();
  const answer = await fetch(location.pathname, { headers: tag ? { "If-None-Match": tag } : {} }).catch(() => 0);
  if (answer.status != 200) return;
  tag = answer.headers.get("ETag");
  show(new DOMParser().parseFromString(await answer.text(), "text/html"));
};

addEventListener("click", event => {
  const fold = event.target.closest("summary");
  if (fold) folds[name(fold)] = !fold.parentNode.open;
});
for (const event of ["pageshow", "visibilitychange"]) addEventListener(event, () => { judge(); ask(); });
if (location.protocol != "file:") setInterval(ask, 6e4);
judge();
}
