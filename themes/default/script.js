// Two things that plain HTML cannot do: say when this page has grown too old to be believed, and add the reader's
// own time to times in UTC. Everything else is there without it. Keep comments on lines of their own.
(function () {
"use strict";
var late = document.getElementById("late");
var until = Date.parse(document.body.dataset.validUntil || "");

function judge() {
  var left = until - Date.now();
  if (left > 0) {
    setTimeout(judge, Math.min(left + 500, 60000));
    return;
  }
  if (!late.hidden) return;
  var headline = document.querySelector("#headline span");
  document.getElementById("last").textContent = headline.textContent;
  headline.textContent = late.dataset.headline;
  document.title = late.dataset.headline + " – " + document.title;
  document.querySelector("#headline use").setAttribute("href", "#is-unknown");
  document.querySelector("#headline svg").setAttribute("class", "shape unknown");
  document.documentElement.className = "stale";
  late.hidden = false;
}

if (late && until) {
  judge();
  addEventListener("pageshow", judge);
  document.addEventListener("visibilitychange", judge);
}

function local(iso, utcDay) {
  var at = new Date(iso);
  var form = { hour: "2-digit", minute: "2-digit" };
  if (at.getDate() !== utcDay) form.weekday = "short";
  return new Intl.DateTimeFormat(undefined, form).format(at);
}

document.querySelectorAll("time[datetime]").forEach(function (time) {
  var start = new Date(time.dateTime);
  if (!start.getTimezoneOffset()) return;
  var text = local(start, start.getUTCDate());
  if (time.dataset.until) text += "–" + local(time.dataset.until, start.getUTCDate());
  time.title = text + " your time";
  if (!time.closest("[data-local]")) return;
  var own = document.createElement("span");
  own.className = "own";
  own.textContent = " (" + text + " your time)";
  time.after(own);
});
})();
