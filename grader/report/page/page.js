"use strict";
// Steps through a schedule, turn by turn. Without it the page shows all turns.
const whole = []; // what shows all of a schedule again
for (const figure of document.querySelectorAll(".schedule")) {
  const turns = [...figure.querySelectorAll(".turns > li")];
  const drawn = [...figure.querySelectorAll(".turn")];
  const bar = figure.querySelector(".steps");
  const buttons = Object.fromEntries([...bar.querySelectorAll("button")].map((button) => [button.dataset.go, button]));
  const place = bar.querySelector(".place");
  let at = -1; // the turn that is shown; -1: all

  // Not `disabled`: a button that has the focus would lose it.
  const setOff = (button, off) => button.setAttribute("aria-disabled", String(off));
  const go = (way) => {
    if (buttons[way].getAttribute("aria-disabled") !== "true") show(ways[way]());
  };
  const show = (turn) => {
    at = Math.max(-1, Math.min(turn, turns.length - 1));
    figure.classList.toggle("stepping", at >= 0);
    turns.forEach((item, number) => { item.hidden = at >= 0 && number !== at; });
    drawn.forEach((group, number) => {
      group.classList.toggle("now", number === at);
      group.classList.toggle("later", at >= 0 && number > at);
    });
    buttons.all.setAttribute("aria-pressed", String(at < 0));
    setOff(buttons.back, at <= 0);
    setOff(buttons.next, at === turns.length - 1);
    place.textContent = at < 0 ? "" : `Turn ${at + 1} of ${turns.length}: ${turns[at].dataset.lane}`;
    if (at >= 0 && drawn[at]) follow(drawn[at]);
  };
  const follow = (group) => {
    const frame = group.closest(".scroll");
    const box = group.getBoundingClientRect();
    const seen = frame.getBoundingClientRect();
    frame.scrollLeft += box.left + box.width / 2 - (seen.left + seen.width / 2);
  };
  const ways = { first: () => 0, back: () => at - 1, next: () => at + 1, all: () => -1 };

  for (const [way, button] of Object.entries(buttons)) {
    button.addEventListener("click", () => go(way));
  }
  drawn.forEach((group, number) => group.addEventListener("click", () => show(number)));
  bar.addEventListener("keydown", (event) => {
    const way = { ArrowRight: "next", ArrowLeft: "back", Home: "first", Escape: "all" }[event.key];
    if (!way) return;
    event.preventDefault();
    go(way);
  });
  bar.hidden = false;
  show(-1);
  whole.push(() => show(-1));
}
addEventListener("beforeprint", () => { // paper has no buttons
  for (const showAll of whole) showAll();
  for (const more of document.querySelectorAll("details")) more.open = true;
});
