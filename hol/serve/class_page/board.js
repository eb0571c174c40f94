// The board of a class: draws what the server says, in Korean or English, and follows its stream.
const WORDS = {
  title: ["수업 현황판", "Class board"],
  mark: ["로컬 AWS", "Local AWS"],
  language: ["English", "한국어"],
  waiting: ["도움 요청", "Asking for help"],
  nobody: ["지금은 도움을 요청한 참가자가 없어요.", "Nobody asks for help just now."],
  asks: ["{0} · {1}단계 · {2}", "{0} · step {1} · {2}"],
  all: ["모두의 진행 상황", "Everybody"],
  search: ["찾기", "Find"],
  openOnly: ["완료한 참가자 숨기기", "Hide who is done"],
  who: ["참가자", "Attendee"],
  progress: ["단계별 상태", "Steps"],
  at: ["지금 단계", "At step"],
  matter: ["확인할 것", "What is the matter"],
  seen: ["확인한 때", "Looked at"],
  none: ["맞는 참가자가 없어요.", "Nobody is like that."],
  people: ["참가자", "Attendees"],
  done: ["완료", "Done"],
  failing: ["고칠 것이 있음", "Something wrong"],
  asking: ["도움 요청", "Ask for help"],
  cost: ["지금까지의 비용", "Cost so far"],
  left: ["남은 시간", "Time left"],
  hourly: ["{0} USD (시간당 {1})", "{0} USD ({1} an hour)"],
  unpriced: ["가격표 없음", "No price is known"],
  unbegun: ["시작 전", "Not begun"],
  time: ["{0}시간 {1}분", "{0} h {1} min"],
  over: ["{0}시간 {1}분 지남", "Over for {0} h {1} min"],
  legend: ["✓ 완료  ! 고칠 것이 있음  빈칸 아직 없음  ? 확인 전", "✓ right  ! something wrong  blank: not there yet  ? not looked at yet"],
  right: ["완료", "right"],
  wrong: ["고칠 것이 있음", "something wrong"],
  absent: ["아직 없음", "not there yet"],
  unknown: ["확인 전", "not looked at yet"],
  stepIs: ["{0}단계 {1}", "step {0} {1}"],
  stepFails: ["{0}단계: {1}", "Step {0}: {1}"],
  helpSince: ["{0}단계 도움 요청 ({1})", "Asks for help with step {0} ({1})"],
  never: ["확인 전", "Not yet"],
  now: ["방금", "just now"],
  seconds: ["{0}초 전", "{0} s ago"],
  minutes: ["{0}분 전", "{0} min ago"],
  look: ["{0} 지금 확인", "Look at {0} now"],
  lost: ["hol class board가 멈췄어요. 터미널에서 다시 실행하면 이어서 보여 줘요.", "hol class board has stopped. Run it again in the terminal, and it goes on from here."],
  shut: ["이 주소로는 들어갈 수 없어요. 터미널에서 hol class board를 다시 실행하세요.", "You cannot come in by this address. Run hol class board in the terminal again."],
};
const SIGNS = { right: "✓", wrong: "!", absent: "", unknown: "?" };
const find = (id) => document.getElementById(id);
let language = localStorage.getItem("hol-language") || (navigator.language.startsWith("ko") ? "ko" : "en");
let board = null;
let ahead = 0; // seconds by which the server's clock is ahead of the browser's
const rows = new Map(); // number → what the server said last
const drawn = new Map(); // number → its <tr>

const say = (name, ...values) => WORDS[name][language === "ko" ? 0 : 1].replace(/\{(\d)\}/g, (_, place) => values[place]);
const tell = (both) => (both ? both[language] : "");
const now = () => Date.now() / 1000 + ahead;

/** An element with a class and content; text is never markup. */
function make(tag, name, ...content) {
  const found = document.createElement(tag);
  if (name) found.className = name;
  found.append(...content);
  return found;
}

const name = (row) => (row.name === row.id ? row.id : row.name);
const urgency = (row) => (row.asked ? row.asked.since + row.row / 1e4 : (row.fails !== null || row.why ? 1e10 : 2e10) + row.row);
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString(language === "ko" ? "ko-KR" : "en-GB", { hour: "2-digit", minute: "2-digit" });

function age(row) {
  if (row.seen === null) return say("never");
  const seconds = Math.max(0, Math.round(now() - row.seen));
  if (seconds < 3) return say("now");
  return seconds < 120 ? say("seconds", seconds) : say("minutes", Math.round(seconds / 60));
}

function strip(row) {
  const said = row.states.map((state, place) => say("stepIs", board.steps[place].number, say(state)));
  const found = make("span", "strip");
  found.setAttribute("role", "img");
  found.setAttribute("aria-label", said.join(", "));
  row.states.forEach((state, place) => {
    const here = board.steps[place].number === row.at;
    const cell = make("i", here ? `${state} at` : state, SIGNS[state]);
    cell.title = `${board.steps[place].number} ${tell(board.steps[place].title)}: ${say(state)}`;
    found.append(cell);
  });
  return found;
}

function matter(row) {
  const found = make("td", "matter");
  if (row.asked) found.append(make("div", "help-text", say("helpSince", row.asked.step, clock(row.asked.since))));
  const why = tell(row.why);
  if (why) found.append(make("div", "wrong-text", row.fails === null ? why : say("stepFails", row.fails, why)));
  return found;
}

function at(row) {
  if (row.done) return make("td", "at done-text", say("done"));
  const step = board.steps.find((one) => one.number === row.at);
  return make("td", "at", step ? `${step.number} ${tell(step.title)}` : "?");
}

function draw(row) {
  const before = drawn.get(row.row);
  const found = make("tr", row.asked ? "asks" : "");
  found.dataset.id = row.id;
  found.dataset.row = row.row;
  const who = make("th", "", name(row));
  who.scope = "row";
  const more = [row.name === row.id ? "" : row.id, row.team, row.account].filter(Boolean).join(" · ");
  if (more) who.append(" ", make("small", "", more));
  const look = make("button", "", age(row));
  look.type = "button";
  look.dataset.look = row.row;
  look.setAttribute("aria-label", `${age(row)}, ${say("look", name(row))}`);
  found.append(who, make("td", "", strip(row)), at(row), matter(row), make("td", "seen", look));
  const focused = before?.contains(document.activeElement);
  if (before) before.replaceWith(found);
  drawn.set(row.row, found);
  found.hidden = !wanted(row);
  place(row, found, !before);
  if (focused) look.focus();
}

/** Into the order: who asks first, then whose lab fails, then the others as on the roster. */
function place(row, element, isNew) {
  const mine = urgency(row);
  const kept = element.dataset.urgency;
  element.dataset.urgency = mine;
  if (!isNew && kept === String(mine)) return;
  const body = find("rows");
  let low = 0;
  const others = [...body.children].filter((one) => one !== element);
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(others[middle].dataset.urgency) < mine) low = middle + 1;
    else high = middle;
  }
  body.insertBefore(element, others[low] ?? null);
}

function wanted(row) {
  const sought = find("search").value.trim().toLowerCase();
  if (find("open").checked && row.done && !row.asked) return false;
  return !sought || [row.name, row.id, row.team, row.account].some((one) => one.toLowerCase().includes(sought));
}

function filter() {
  let shown = 0;
  for (const [number, element] of drawn) {
    element.hidden = !wanted(rows.get(number));
    shown += !element.hidden;
  }
  find("none").hidden = shown > 0 || rows.size === 0;
}

function sums() {
  const all = [...rows.values()];
  const asking = all.filter((row) => row.asked).sort((one, other) => one.asked.since - other.asked.since);
  const parts = [
    ["people", all.length],
    ["done", all.filter((row) => row.done).length],
    ["failing", all.filter((row) => row.fails !== null || row.why).length],
    ["asking", asking.length],
    ["cost", cost()],
    ["left", left()],
  ];
  update(find("sums"), parts.map(([key, value]) => `${say(key)}\n${value}`), (text, place) => {
    const [label, value] = text.split("\n");
    const part = make("div", "", make("dt", "", label), make("dd", "", value));
    part.dataset.sum = parts[place][0];
    return part;
  });
  const said = asking.map((row) => say("asks", name(row), row.asked.step, clock(row.asked.since)));
  update(find("waiting"), said.length ? said : [say("nobody")], (text) => make("li", said.length ? "" : "nobody", text));
}

/** Children anew, as far as they are otherwise: a screen reader hears what is new alone. */
function update(parent, texts, element) {
  texts.forEach((text, place) => {
    const there = parent.children[place];
    if (there?.dataset.text === text) return;
    const made = element(text, place);
    made.dataset.text = text;
    if (there) there.replaceWith(made);
    else parent.append(made);
  });
  while (parent.children.length > texts.length) parent.lastElementChild.remove();
}

function cost() {
  const spent = board?.spent;
  if (!spent) return "…";
  if (spent.dollars === null) return say("unpriced");
  const since = spent.hourly * Math.max(0, now() - spent.at) / 3600;
  return say("hourly", (spent.dollars + since).toFixed(2), spent.hourly.toFixed(3));
}

function left() {
  const spent = board?.spent;
  if (!spent) return "…";
  if (spent.ends === null) return say("unbegun");
  const minutes = Math.round(Math.abs(spent.ends - now()) / 60);
  return say(spent.ends >= now() ? "time" : "over", Math.floor(minutes / 60), minutes % 60);
}

function take(row) {
  const before = rows.get(row.row);
  if (before && before.n > row.n) return; // an answer that was overtaken
  rows.set(row.row, row);
  if (board) draw(row);
}

let soon = 0;
function sumsSoon() {
  soon ||= setTimeout(() => {
    soon = 0;
    sums();
  }, 50);
}

function drawAll() {
  document.documentElement.lang = language;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.dataset.say);
  find("language").lang = language === "ko" ? "en" : "ko";
  find("legend").textContent = say("legend");
  if (!board) return;
  find("class").textContent = `${board.name} · ${board.region}`;
  find("mark").hidden = !board.local;
  for (const row of rows.values()) draw(row);
  filter();
  sums();
}

function trouble(key) {
  find("trouble").hidden = !key;
  find("trouble").textContent = key ? say(key) : "";
}

async function load() {
  const answer = await fetch("/api/class", { cache: "no-store" });
  if (!answer.ok) return trouble("shut");
  const found = await answer.json();
  ahead = found.now - Date.now() / 1000;
  board = found;
  for (const row of found.rows) take(row);
  trouble("");
  drawAll();
}

function listen() {
  const source = new EventSource("/events");
  source.onopen = () => load().catch(() => trouble("lost"));
  source.onerror = () => {
    trouble("lost");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1500);
  };
  source.onmessage = (message) => {
    const said = JSON.parse(message.data);
    if (said.type === "row") take(said.row);
    if (said.type === "spent" && board) board.spent = said.spent;
    if (board) sumsSoon();
  };
}

find("language").onclick = () => {
  language = language === "ko" ? "en" : "ko";
  localStorage.setItem("hol-language", language);
  drawAll();
};
find("search").oninput = filter;
find("open").onchange = filter;
find("rows").onclick = (event) => {
  const row = event.target.closest("[data-look]")?.dataset.look;
  if (row !== undefined) fetch(`/api/look?row=${row}`, { method: "POST" });
};
setInterval(() => {
  if (!board) return;
  for (const [number, element] of drawn) {
    const button = element.querySelector("[data-look]");
    const text = age(rows.get(number));
    if (button.textContent !== text) {
      button.textContent = text;
      button.setAttribute("aria-label", `${text}, ${say("look", name(rows.get(number)))}`);
    }
  }
  sums();
}, 1000);
drawAll();
listen();
