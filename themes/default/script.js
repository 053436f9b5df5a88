// Adds the reader's own time to times in UTC. Everything else is there without it. Keep comments on lines of their own.
// It runs in the head, so that what it says of the whole page holds before any of it is seen.
"use strict";
const root = document.documentElement;
const { lang, dataset } = root;
const tellTimes = part => part.querySelectorAll("time[datetime]").forEach(time => {
  const start = new Date(time.dateTime);
  if (!start.getTimezoneOffset()) return;
  const local = iso => {
    const at = new Date(iso);
    const weekday = at.getDate() == start.getUTCDate() ? {} : { weekday: "short" };
    return at.toLocaleTimeString(lang + "-u-nu-latn", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...weekday });
  };
  const { until } = time.dataset;
  const text = dataset.own.replace("{}", local(start) + (until ? "–" + local(until) : ""));
  time.title = text;
  if (time.closest("[data-local]")) time.insertAdjacentHTML("afterend", `<span class="own"> (${text})</span>`);
});
addEventListener("DOMContentLoaded", () => tellTimes(document));
