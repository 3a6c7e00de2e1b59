// Themes, sliders, pictures side by side, and the table of a suite, whose state is in the address. Without this module
// all is there to be read, in order of rank.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const byId = (id) => document.getElementById(id);
const address = () => new URLSearchParams(location.hash.slice(1));
const keep = (state) => history.replaceState(null, "", `#${state}`);

function make(name, attributes, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function themes(button) {
  const theme = document.documentElement.dataset, next = { dark: "light", light: "" };
  const show = () => { button.textContent = `theme: ${theme.theme || "auto"}`; };
  button.addEventListener("click", () => {
    theme.theme = next[theme.theme] ?? "dark";
    try { localStorage.setItem("foxing-theme", theme.theme); } catch { /* no storage */ }
    show();
  });
  button.hidden = false;
  show();
}

function cut({ target }) {
  if (target.matches(".compare input")) target.parentElement.style.setProperty("--cut", `${target.value}%`);
}

// The pictures of one other model, which the reader chooses, in place of those of several.
function sideBySide(section) {
  const select = section.querySelector("select");
  if (!select) return;
  const show = () => {
    const { value, text, dataset } = select.selectedOptions[0];
    for (const grid of all(".grid", section)) {
      all("[data-model]", grid).forEach((figure) => figure.remove());
      if (!dataset.files.split(" ").includes(grid.dataset.file)) continue;
      const picture = make("img", { src: `../${value}/${grid.dataset.file}`, alt: `by ${text}`, loading: "lazy" });
      const figure = make("figure", { "data-model": value }, picture, make("figcaption", {}, text));
      grid.insertBefore(figure, grid.querySelector("[data-clean]"));
    }
  };
  const read = () => {
    const wanted = address().get("with");
    if ([...select.options].some((option) => option.value === wanted)) select.value = wanted;
    show();
  };
  select.addEventListener("change", () => { keep(new URLSearchParams({ with: select.value })); show(); });
  addEventListener("hashchange", read);
  section.querySelector(".tools").hidden = false;
  read();
}

function board(box) {
  const table = box.querySelector("table"), body = table.tBodies[0], rows = [...body.rows];
  const heads = [...table.tHead.rows[1].cells], groups = all("[data-group]", table.tHead);
  const tools = byId("tools"), side = byId("side"), search = tools.querySelector("[type=search]");
  const facets = all("[data-facet]", tools), boxes = all("[data-fold]", tools), sheet = new CSSStyleSheet();
  const place = new Map(rows.map((row, at) => [row, at]));
  const unchecked = () => boxes.filter((each) => !each.checked).map((each) => each.value).join();
  const folded = unchecked();
  let state, pinned;
  document.adoptedStyleSheets = [sheet];

  const name = (row) => row.querySelector("th a").textContent;
  const value = (row, at) => (heads[at].dataset.key === "model" ? name(row) : row.cells[at].dataset.v);
  const column = (key) => heads.findIndex((head) => head.dataset.key === key);

  function sorted(found) {
    const at = column(state.sort), turn = state.down ? -1 : 1;
    const compare = state.sort === "model" ? (a, b) => a.localeCompare(b) : (a, b) => a - b;
    const keys = new Map(found.map((row) => [row, state.sort === "rank" ? place.get(row) : value(row, at)]));
    return found.sort((one, other) => {
      const a = keys.get(one), b = keys.get(other), known = (b !== undefined) - (a !== undefined);
      const order = known || a === undefined ? known : turn * compare(a, b); // what is not known is last
      return order || place.get(one) - place.get(other);
    });
  }

  function fitting() {
    const query = state.query.toLowerCase(), asked = facets.filter((each) => each.value);
    const wanted = asked.map((each) => [each.dataset.facet, each.value]);
    return rows.filter(({ dataset }) => (!query || dataset.text.toLowerCase().includes(query))
      && wanted.every(([facet, value]) => dataset[facet] === value));
  }

  function fold() {
    const off = state.off.split(","), rules = [];
    let first = heads.length + 1 - groups.reduce((sum, group) => sum + group.colSpan, 0);
    for (const group of groups) {
      const cells = `:nth-child(n+${first}):nth-child(-n+${first + group.colSpan - 1})`;
      group.hidden = off.includes(group.dataset.group);
      if (group.hidden) rules.push(`.board :is(thead tr:last-child, tbody tr) > ${cells} { display: none }`);
      first += group.colSpan;
    }
    sheet.replaceSync(rules.join(" "));
    boxes.forEach((each) => { each.checked = !off.includes(each.value); });
  }

  function render() {
    const now = [...body.rows], order = [...pinned, ...sorted(fitting().filter((row) => !pinned.includes(row)))];
    for (const row of [...all(".pinned", body), ...pinned]) {
      row.classList.toggle("pinned", pinned.includes(row));
      row.querySelector(".pin").setAttribute("aria-pressed", pinned.includes(row));
    }
    if (order.length !== now.length || order.some((row, at) => row !== now[at])) body.replaceChildren(...order);
    table.classList.toggle("ranked", state.sort === "rank" && !pinned.length);
    for (const head of heads) {
      const how = state.down ? "descending" : "ascending";
      head.setAttribute("aria-sort", head.dataset.key === state.sort ? how : "none");
    }
    const pins = pinned.length ? `, ${pinned.length} pinned on top` : "";
    byId("status").textContent =
      `${order.length} of ${rows.length} models, by ${heads[column(state.sort)].dataset.label}${pins}.`;
    side.hidden = byId("to-side").disabled = pinned.length < 2;
    if (!side.hidden) beside();
    write();
  }

  // The pinned models as columns, and every quantity as a row.
  function beside() {
    const two = pinned.length === 2;
    const gap = (at) => {
      const [a, b] = pinned.map((row) => value(row, at));
      const format = { maximumSignificantDigits: 3, signDisplay: "exceptZero" };
      return a && b ? (b - a).toLocaleString("en", format).replace("-", "−") : "–";
    };
    const line = (head, at) => make("tr", {}, make("th", { scope: "row" }, head.dataset.label),
      ...pinned.map((row) => row.cells[at].cloneNode(true)),
      ...(two ? [make("td", {}, head.dataset.key === "badge" ? "" : gap(at))] : []));
    const links = pinned.map((row) => make("th", { scope: "col" }, row.querySelector("th a").cloneNode(true)));
    if (two) links.push(make("th", { scope: "col" }, "second − first"));
    const lines = heads.map((head, at) => ("unit" in head.dataset && head.offsetWidth ? line(head, at) : "")).filter(Boolean);
    const top = make("thead", {}, make("tr", {}, make("td", {}), ...links));
    side.querySelector("table").replaceChildren(top, make("tbody", {}, ...lines));
    const sets = pinned.map((row) => row.dataset.sets.split(" ").filter(Boolean));
    const alike = sets[0].some((each) => sets.every((set) => set.includes(each)));
    side.querySelector(".told").textContent = sets.some((set) => !set.length) ? "Not all of them have a rank."
      : alike ? "These photos do not tell them apart." : `These photos tell ${two ? "" : "some of "}them apart.`;
    const link = side.querySelector(".pictures"), [one, other] = pinned;
    link.href = `${one.dataset.model}/index.html#with=${other.dataset.model}`;
    link.textContent = `${name(one)} and ${name(other)} on the same photos`;
  }

  function write() {
    const found = new URLSearchParams();
    if (state.sort !== "rank" || state.down) found.set("sort", (state.down ? "-" : "") + state.sort);
    if (state.query) found.set("q", state.query);
    for (const each of facets) if (each.value) found.set(each.dataset.facet, each.value);
    if (state.off !== folded) found.set("off", state.off);
    if (pinned.length) found.set("pin", pinned.map((row) => row.dataset.model).join());
    if (`${found}` !== `${address()}`) keep(found);
  }

  function read() {
    const found = address(), [, minus, sort] = /^(-?)(.*)$/.exec(found.get("sort") ?? "");
    const known = column(sort) >= 0, pins = (found.get("pin") ?? "").split(",");
    state = { sort: known ? sort : "rank", down: known && !!minus, query: found.get("q") ?? "" };
    state.off = found.get("off") ?? folded;
    pinned = pins.flatMap((pin) => rows.find((row) => row.dataset.model === pin) ?? []);
    search.value = state.query;
    for (const each of facets) {
      each.value = found.get(each.dataset.facet) ?? "";
      if (each.selectedIndex < 0) each.value = "";
    }
    fold();
    render();
  }

  for (const head of heads) {
    const said = head.querySelector("span");
    const button = make("button", { type: "button", title: said.title }, ...said.childNodes);
    said.replaceWith(button);
    button.addEventListener("click", () => {
      const { key, better } = head.dataset;
      state.down = state.sort === key ? !state.down : better === "more"; // the best first
      state.sort = key;
      render();
      box.scrollTop = 0;
    });
  }
  body.addEventListener("click", ({ target }) => {
    if (!target.matches(".pin")) return;
    const row = target.closest("tr");
    pinned = pinned.includes(row) ? pinned.filter((each) => each !== row) : [...pinned, row];
    render();
    target.focus({ preventScroll: true });
  });
  tools.addEventListener("input", () => {
    state.query = search.value.trim();
    if (state.off !== unchecked()) { state.off = unchecked(); fold(); }
    render();
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", () => { keep(""); read(); });
  byId("to-side").addEventListener("click", () => { side.scrollIntoView(); side.querySelector("h3").focus(); });
  addEventListener("hashchange", read);
  tools.hidden = false;
  read();
}

themes(byId("theme"));
document.addEventListener("input", cut);
all(".compare input").forEach((target) => cut({ target }));
all(".side-by-side").forEach(sideBySide);
all(".board").forEach(board);
