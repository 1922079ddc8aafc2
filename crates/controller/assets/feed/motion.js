// Cards that leave and come back, and the others that close up.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const LEAVE = { duration: 200, easing: "cubic-bezier(.4, 0, 1, 1)" };
const MOVE = { duration: 320, easing: "cubic-bezier(.2, .8, .2, 1)" };

export const calm = () => still.matches;

/** Runs a change of the grid and lets every card in sight glide to its new place. */
function glide(grid, change) {
  if (calm()) return change();
  const near = (box) => box.bottom > -innerHeight && box.top < innerHeight * 2;
  const before = new Map();
  for (const card of grid.children) {
    const box = card.getBoundingClientRect();
    if (box.width && near(box)) before.set(card, box);
  }
  change();
  for (const [card, from] of before) {
    const to = card.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (!to.width || (!x && !y)) continue;
    card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], MOVE);
  }
}

/** Takes cards out of sight. They stay in the page, for they may come back. */
export async function leave(grid, cards) {
  if (!calm()) {
    const gone = { opacity: 0, transform: "scale(.92)" };
    const fades = cards.map((card) => card.animate([{}, gone], { ...LEAVE, fill: "forwards" }).finished);
    // An animation that is cancelled has nothing to wait for.
    await Promise.allSettled(fades);
  }
  glide(grid, () => {
    for (const card of cards) {
      card.hidden = true;
      for (const fade of card.getAnimations()) fade.cancel();
    }
  });
}

/** Brings them back. */
export function comeBack(grid, cards) {
  glide(grid, () => {
    for (const card of cards) card.hidden = false;
  });
  if (calm()) return;
  for (const card of cards) card.animate([{ opacity: 0, transform: "scale(.92)" }, {}], MOVE);
}
