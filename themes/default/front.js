// The front page alone: it says when it has grown too old to be believed, and gives way to a newer one when there is.
{
const { body } = document;
const find = (selector, root = document) => root.querySelector(selector);
const end = page => Date.parse(page.dataset.validUntil);
const name = element => element.getAttribute("href") || (find(".name", element) || element).textContent;
const folds = {};
let asked = Date.now(), tag, timer;

const judge = () => {
  const left = end(body) - Date.now();
  const late = find("#late");
  clearTimeout(timer);
  if (left > 0) timer = setTimeout(judge, Math.min(left + 500, 6e4));
  else if (late.hidden) {
    const headline = find("#headline span");
    const said = late.dataset.headline;
    find("#last").textContent = headline.textContent;
    headline.textContent = find("#heard").textContent = said;
    document.title = said + " – " + document.title;
    find("#headline use").setAttribute("href", "#is-unknown");
    find("#headline svg").setAttribute("class", "shape unknown");
    document.documentElement.className = "stale";
    late.hidden = false;
  }
};

// Only what is newer replaces what is there: a cache or a mirror may be behind.
const show = next => {
  if (!(end(next.body) > end(body))) return;
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
  body.dataset.validUntil = next.body.dataset.validUntil;
  document.title = next.title;
  document.documentElement.className = "";
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
