"use strict";
// Draws the charts from the descriptions in the page, and lets the reader filter and sort. Fetches nothing; every name is
// set as text, never as markup. Without this script the page shows the same charts at rest.

const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const signals = { family: "", dataset: "", model: "", sort: "gain-1" };
const views = [];

function failed(reason) {
  const line = document.querySelector("[data-failure]");
  if (!line) return;
  line.hidden = false;
  line.querySelector("code").textContent = String(reason && reason.message || reason);
}

// Tooltips: one element, filled with text; the first line is the name.
function tooltip() {
  const box = document.createElement("div");
  box.className = "tip";
  box.hidden = true;
  document.body.append(box);
  return (_handler, event, _item, value) => {
    box.hidden = value === null || value === undefined || value === "";
    if (box.hidden) return;
    const text = typeof value === "object" ? Object.values(value).join("\n") : String(value);
    const [head, ...rest] = text.split("\n");
    const strong = document.createElement("strong");
    strong.textContent = head;
    box.replaceChildren(strong, ...rest.map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    const width = box.offsetWidth, height = box.offsetHeight;
    box.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4))}px`;
    box.style.top = `${event.clientY + 16 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 16}px`;
  };
}

async function draw(element, description, show) {
  const rest = [...element.childNodes];
  try {
    // ast: expressions are interpreted, not compiled, so the page needs no permission to evaluate text as code.
    const options = { mode: "vega", renderer: "svg", actions: false, ast: true, defaultStyle: false, tooltip: show };
    description.background = "transparent"; // the paper is the page's, in its own scheme
    const { view } = await window.vegaEmbed(element, description, options);
    element.__view__ = view;
    views.push({ view, known: new Set((description.signals || []).map((s) => s.name)) });
    element.dataset.drawn = "true";
  } catch (error) {
    element.replaceChildren(...rest);
    failed(error);
  }
}

async function drawAll() {
  const source = document.getElementById("charts");
  if (!source) return;
  if (!window.vegaEmbed) return failed("vegaEmbed");
  const charts = JSON.parse(source.textContent);
  const show = tooltip();
  for (const element of $$(".chart")) await draw(element, charts[element.dataset.chart], show);
}

// What is shown: charts through their signals, rows of tables through the hidden attribute, and a count of both.
const fits = (row) =>
  (!signals.family || !row.dataset.family || row.dataset.family === signals.family) &&
  (!signals.dataset || !row.dataset.dataset || row.dataset.dataset === signals.dataset) &&
  (!signals.model || !row.dataset.model || row.dataset.model === signals.model);

async function apply() {
  for (const row of $$("tr[data-strategy], tr[data-dataset], tr[data-model]")) row.hidden = !fits(row);
  count();
  for (const { view, known } of views) {
    for (const [name, value] of Object.entries(signals)) if (known.has(name)) view.signal(name, value);
    await view.runAsync();
  }
}

function count() {
  const output = document.querySelector("[data-count]");
  if (!output) return;
  const axes = JSON.parse(document.getElementById("axes").textContent);
  const families = axes.families.filter((f) => !signals.family || f === signals.family);
  const cells = axes.cells.filter(([d, m]) => (!signals.dataset || d === signals.dataset) && (!signals.model || m === signals.model));
  const parts = [`${families.length} of ${axes.families.length} strategies`];
  if (axes.cells.length) parts.push(`${cells.length} of ${axes.cells.length} cells`);
  output.textContent = parts.join(", ");
}

function listen() {
  const form = document.querySelector("[data-filters]");
  if (!form) return;
  const read = () => {
    for (const select of $$("[data-filter]", form)) signals[select.dataset.filter] = select.value;
    for (const select of $$("[data-sort]", form)) signals.sort = select.value;
    return apply().catch(failed);
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", read);
  form.addEventListener("reset", () => setTimeout(read));
}

// Tables sort by the button in the head of a column; a second press turns the order. Numbers go by value, text by letters.
function value(row, column) {
  const text = row.cells[column] ? row.cells[column].textContent.trim() : "";
  const number = parseFloat(text.replace(/−/g, "-").replace(/,/g, "").replace(/^[^\d+\-.]+/, ""));
  return [text, /\d/.test(text) && !Number.isNaN(number) ? number : null];
}

function sortable() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sort-column]");
    if (!button) return;
    const head = button.closest("th"), table = button.closest("table"), body = table.tBodies[0];
    const column = Number(button.dataset.sortColumn);
    const numeric = head.classList.contains("num");
    const down = head.getAttribute("aria-sort") === (numeric ? "descending" : "ascending");
    const order = numeric !== down ? "descending" : "ascending", sign = order === "ascending" ? 1 : -1;
    const keyed = [...body.rows].map((row, place) => ({ row, place, key: value(row, column) }));
    keyed.sort((a, b) => {
      if (numeric && (a.key[1] === null) !== (b.key[1] === null)) return a.key[1] === null ? 1 : -1;
      const difference = numeric && a.key[1] !== null ? a.key[1] - b.key[1] : a.key[0].localeCompare(b.key[0]);
      return sign * difference || a.place - b.place;
    });
    body.append(...keyed.map((k) => k.row));
    for (const other of $$("th[aria-sort]", table)) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", order);
  });
}

listen();
sortable();
document.documentElement.classList.add("scripted");
drawAll().catch(failed);
