"use strict";
// Keeps the home page current: fetches it again and swaps the live part. No form lies inside it.
document.addEventListener("DOMContentLoaded", () => {
  const live = document.getElementById("hadir-live");
  const seconds = Number(live?.dataset.refresh || 0);
  if (!seconds) return;
  const scrolls = () => [...document.querySelectorAll("#hadir-live .hd-scroll")];
  setInterval(async () => {
    if (document.hidden || live.contains(document.activeElement)) return;
    try {
      const response = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
      if (!response.ok || response.redirected) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById("hadir-live");
      if (!fresh) return;
      const lefts = scrolls().map((box) => box.scrollLeft);
      live.replaceChildren(...fresh.childNodes);
      scrolls().forEach((box, n) => { box.scrollLeft = lefts[n] || 0; });
      const banner = document.querySelector(".hd-rehearsal");
      const time = page.querySelector(".hd-rehearsal");
      if (banner && time) banner.replaceChildren(...time.childNodes);
    } catch { /* the next turn tries again */ }
  }, seconds * 1000);
});
