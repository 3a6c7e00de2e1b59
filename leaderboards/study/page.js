// One pair after the other: what is shown comes from the plan of the rater's number, and nothing is drawn here.
const study = JSON.parse(document.getElementById("study").textContent);
const PLACE = `foxing-study-${study.study}`;
const KEYS = { ArrowLeft: "left", ArrowDown: "tie", ArrowRight: "right", 1: "left", 2: "tie", 3: "right" };
const get = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll("[data-answer]")];
const figures = ["left", "middle", "right"].map(get);

const storage = (() => {
  try {
    window.localStorage.setItem(`${PLACE}-probe`, "1");
    window.localStorage.removeItem(`${PLACE}-probe`);
    return window.localStorage;
  } catch {
    return null; // private windows and some settings forbid it: answers then live as long as the page
  }
})();

let state = restored();
let ready = false;
let since = 0;
let handedOver = false;
let round = 0;

function restored() {
  try {
    const found = JSON.parse(storage?.getItem(PLACE) ?? "null");
    const plan = study.plans[found.rater - 1];
    const fits = found.answers.every(
      (each, place) => each.pair === plan[place][0] && each.swapped === Boolean(plan[place][1]),
    );
    return found.study === study.study && fits ? found : null;
  } catch {
    return null;
  }
}

function save() {
  handedOver = false;
  try {
    storage?.setItem(PLACE, JSON.stringify(state));
  } catch {
    get("unkept").hidden = false;
  }
}

function only(id) {
  for (const view of ["start", "rate", "end"]) get(view).hidden = view !== id;
  window.scrollTo(0, 0);
}

function start() {
  only("start");
  get("unkept").hidden = storage !== null;
  const asked = Number(new URLSearchParams(location.hash.slice(1)).get("rater"));
  const lot = 1 + Math.floor(Math.random() * study.plans.length);
  get("rater").value = state?.rater ?? (asked >= 1 && asked <= study.plans.length ? Math.floor(asked) : lot);
  get("rater").readOnly = state !== null;
  get("agree").checked = state !== null;
  get("begin").textContent = state ? `Go on at pair ${state.answers.length + 1}` : "Begin";
}

function fresh(rater) {
  const session = [...crypto.getRandomValues(new Uint8Array(8))].map((each) => each.toString(16).padStart(2, "0"));
  const began = new Date().toISOString();
  return { format: "foxing-study-answers/1", study: study.study, rater, session: session.join(""), consent: true, began, ended: null, answers: [] };
}

const plan = () => study.plans[state.rater - 1];

function show() {
  const place = state.answers.length;
  if (place >= plan().length) return finish();
  only("rate");
  get("where").textContent = `Pair ${place + 1} of ${plan().length}`;
  get("bar").max = plan().length;
  get("bar").value = place;
  get("undo").disabled = place === 0;
  get("early").disabled = place === 0;
  closer(false);
  return pictures(place);
}

function sides(place) {
  const [name, swapped] = plan()[place];
  const [middle, first, second] = study.pairs[name];
  return swapped ? [second, middle, first] : [first, middle, second];
}

async function pictures(place) {
  const mine = ++round;
  setReady(false);
  get("broken").hidden = true;
  const images = figures.map((figure) => figure.querySelector("img"));
  sides(place).forEach((file, number) => { images[number].src = `pictures/${file}`; });
  try {
    await Promise.all(images.map((image) => image.decode()));
  } catch {
    if (mine !== round) return;
    get("broken").textContent = "A picture is missing: the folder with the pictures must lie beside this page. Copy it again.";
    get("broken").hidden = false;
    return;
  }
  if (mine !== round) return;
  setReady(true);
  since = performance.now();
  if (place + 1 < plan().length) for (const file of sides(place + 1)) new Image().src = `pictures/${file}`;
}

function setReady(now) {
  ready = now;
  get("pictures").classList.toggle("waiting", !now);
  for (const button of buttons) button.setAttribute("aria-disabled", String(!now));
}

function answer(what) {
  if (!ready || get("rate").hidden) return;
  const place = state.answers.length;
  const [pair, swapped] = plan()[place];
  const seconds = Math.round((performance.now() - since) / 10) / 100;
  state.answers.push({ trial: place, pair, swapped: Boolean(swapped), answer: what, seconds });
  if (state.answers.length === plan().length) state.ended = new Date().toISOString();
  save();
  show();
}

function undo() {
  if (!state?.answers.length) return;
  state.answers.pop();
  state.ended = null;
  save();
  show();
}

function finish() {
  round += 1;
  only("end");
  get("told").textContent = "";
  get("copy").value = text();
  get("end-title").focus();
}

const text = () => JSON.stringify(state, null, 1);

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text()], { type: "application/json" }));
  link.download = `answers-${study.study.slice(0, 8)}-rater-${state.rater}-${state.session.slice(0, 4)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  handedOver = true;
  get("told").textContent = `${link.download}: look in your downloads, and hand it on.`;
}

function closer(on) {
  get("pictures").classList.toggle("closer", on);
  get("zoom").setAttribute("aria-pressed", String(on));
}

function look(event) {
  const box = event.currentTarget.getBoundingClientRect();
  const share = (at, from, size) => `${Math.min(100, Math.max(0, (100 * (at - from)) / size))}%`;
  const origin = `${share(event.clientX, box.left, box.width)} ${share(event.clientY, box.top, box.height)}`;
  for (const figure of figures) figure.querySelector("img").style.transformOrigin = origin;
}

get("consent").addEventListener("submit", (event) => {
  event.preventDefault();
  state ??= fresh(get("rater").valueAsNumber);
  save();
  show();
  get("question").focus();
});
for (const button of buttons) button.addEventListener("click", () => answer(button.dataset.answer));
get("undo").addEventListener("click", undo);
get("back").addEventListener("click", () => { undo(); get("question").focus(); });
get("zoom").addEventListener("click", () => closer(get("zoom").getAttribute("aria-pressed") === "false"));
get("download").addEventListener("click", download);
get("early").addEventListener("click", download);
get("again").addEventListener("click", () => {
  if (!handedOver && !window.confirm("These answers were not downloaded. Throw them away?")) return;
  storage?.removeItem(PLACE);
  state = null;
  start();
});
for (const frame of document.querySelectorAll(".frame")) {
  frame.addEventListener("click", (event) => { look(event); closer(!get("pictures").classList.contains("closer")); });
  frame.addEventListener("pointermove", look);
}
document.addEventListener("keydown", (event) => {
  if (get("rate").hidden || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    answer(KEYS[event.key]);
  } else if (event.key === "u" || event.key === "U" || event.key === "Backspace") {
    event.preventDefault();
    undo();
  } else if (event.key === "z" || event.key === "Z") {
    get("zoom").click();
  }
});
window.addEventListener("beforeunload", (event) => {
  if (storage === null && state?.answers.length && !handedOver) event.preventDefault();
});

if (state && state.answers.length === plan().length) finish();
else start();
