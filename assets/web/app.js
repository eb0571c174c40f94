// The page: asks the API through its generated SDK and shows the answer or the cause of a failure.
// What the user wrote, and what the API answers, is only ever shown as text, never as HTML.
"use strict";
(function () {
  // What the page says. A failure is [what happened, what to do].
  const MESSAGES = {
    ko: {
      title: "영화 리뷰 긍정·부정 분류",
      heading: "이 리뷰, 긍정일까요 부정일까요?",
      lead: "한국어 영화 리뷰를 한 문장 적어 보세요. 모델이 긍정과 부정을 가려 확률과 함께 보여 줘요.",
      label: "영화 리뷰", submit: "분류하기", hint: "Enter 키로도 보낼 수 있어요.", language: "English",
      resultTag: "결과", probabilityTag: "확률", positive: "긍정", negative: "부정", examples: "예시 문장",
      history: "이번에 분석한 리뷰", noHistory: "아직 없어요. 이 페이지를 닫으면 목록도 사라져요.",
      path: "문장이 지나가는 길", you: "브라우저", errorTag: "분류하지 못했어요", details: "자세한 오류 정보",
      idle: "결과가 여기에 나와요", idleAnswer: "문장을 적거나 아래 예시를 눌러 보세요.",
      pending: "분석하는 중…", pendingAnswer: "모델의 응답을 기다리고 있어요.",
      unknown: "판단하기 어려워요", gauge: "{side} 쪽 {percent}", noGauge: "아직 값이 없어요",
      answer: "[{text}]는 {percent}의 확률로 {side}입니다.",
      close: "[{text}]는 {side} 쪽이 {percent}라서, 어느 쪽이라고 말하기에는 차이가 작아요.",
      empty: "분류할 문장을 먼저 적어 주세요.",
      unreadable: "[{text}]에는 모델이 읽을 한국어가 없어요. 한국어 리뷰로 학습한 모델이에요.",
      jamo: "[{text}]처럼 자음이나 모음만으로는 어느 쪽인지 알 수 없어요. 낱말을 적어 주세요.",
      status: "HTTP 상태 코드 {status}",
      failures: {
        long: ["문장이 너무 길어요.", "5,000자까지 보낼 수 있어요. 줄여서 다시 보내 주세요."],
        sdk: ["API의 JavaScript SDK를 찾지 못했어요.", "이 페이지 옆에 apigClient.js와 lib 폴더가 있어야 하고, API에 POST 메서드가 배포되어 있어야 해요(7단계)."],
        network: ["API에 연결하지 못했어요.", "네트워크가 끊겼거나, 주소가 바뀌었거나, API가 CORS를 허용하지 않아요. CORS(5단계)와 배포(6단계)를 확인하세요."],
        offline: ["인터넷에 연결되어 있지 않아요.", "연결을 확인하고 다시 보내 주세요."],
        timeout: ["API가 제시간에 응답하지 않았어요.", "잠시 뒤에 다시 보내 주세요. 계속되면 엔드포인트와 함수의 로그를 확인하세요."],
        shape: ["API 응답 형식이 올바르지 않아요.", "통합이 비프록시 방식인지, 함수가 label과 prob의 목록을 반환하는지 확인하세요."],
        function: ["Lambda 함수가 실패했어요.", "함수의 로그(CloudWatch Logs)에 원인이 있어요."],
        address: ["API에 이 주소나 메서드가 없어요.", "POST 메서드(4단계)와 배포(6단계)를 확인하고, SDK를 다시 다운로드하세요(7단계)."],
        400: ["요청의 형식이 올바르지 않아요.", "페이지와 함수가 같은 버전인지 확인하세요."],
        403: ["권한이 없어 거부되었어요.", "함수 역할의 인라인 정책(2단계)을 확인하세요."],
        404: ["엔드포인트나 API를 찾을 수 없어요.", "SageMaker 엔드포인트(0단계)가 있고 InService 상태인지 확인하세요."],
        413: ["보낸 내용이 너무 커요.", "문장을 줄여서 다시 보내 주세요."],
        429: ["요청이 너무 많거나 아직 준비되지 않았어요.", "잠시 뒤에 다시 보내 주세요."],
        500: ["API 안에서 오류가 났어요.", "API가 함수를 호출할 권한(4단계), 함수의 동시성 한도(3단계)와 로그를 확인하세요."],
        502: ["모델이 이 문장에 응답하지 못했어요.", "엔드포인트의 로그를 확인하세요."],
        503: ["서비스를 지금 사용할 수 없어요.", "잠시 뒤에 다시 보내 주세요."],
        504: ["함수나 모델이 제시간에 응답하지 않았어요.", "잠시 뒤에 다시 보내 주세요. 계속되면 함수의 제한 시간(3단계)과 엔드포인트의 상태를 확인하세요."],
        other: ["예상하지 못한 오류가 났어요.", "아래의 자세한 오류 정보를 확인하세요."]
      }
    },
    en: {
      title: "Movie reviews, positive or negative",
      heading: "Thumbs up or thumbs down?",
      lead: "Write a Korean movie review in a sentence. The model tells whether it is positive or negative, and how sure it is.",
      label: "Movie review", submit: "Classify", hint: "Enter sends it, too.", language: "한국어",
      resultTag: "Result", probabilityTag: "Probability", positive: "Positive", negative: "Negative", examples: "Examples",
      history: "This visit", noHistory: "Nothing yet. The list is gone when you close the page.",
      path: "The way of a sentence", you: "Browser", errorTag: "No answer", details: "Technical details",
      idle: "The result appears here", idleAnswer: "Write a sentence, or press one of the examples below.",
      pending: "Reading…", pendingAnswer: "Waiting for the model's answer.",
      unknown: "Cannot tell", gauge: "{percent} {side}", noGauge: "No value yet",
      answer: "[{text}] is {side} with a probability of {percent}.",
      close: "[{text}] leans {side} with {percent}, too little to call.",
      empty: "Please write a sentence first.",
      unreadable: "[{text}] has no Korean for the model to read. It learnt from Korean reviews.",
      jamo: "[{text}] is all jamo, which tell neither. Please write words.",
      status: "HTTP status {status}",
      failures: {
        long: ["The sentence is too long.", "At most 5,000 characters can be sent. Please shorten it."],
        sdk: ["The API's JavaScript SDK was not found.", "apigClient.js and the folder lib must stand beside this page, and the API needs a deployed POST method (step 7)."],
        network: ["The API could not be reached.", "The network is down, the address has changed, or the API does not allow CORS. Check CORS (step 5) and the deployment (step 6)."],
        offline: ["You are offline.", "Check the connection and send it again."],
        timeout: ["The API did not answer in time.", "Try again in a moment. If it stays so, look at the endpoint and the function's log."],
        shape: ["The API's answer makes no sense to this page.", "The integration must be non-proxy, and the function must return a list of label and prob."],
        function: ["The Lambda function failed.", "The cause is in the function's log (CloudWatch Logs)."],
        address: ["The API has no such address or method.", "Check the POST method (step 4) and the deployment (step 6), and download the SDK again (step 7)."],
        400: ["The request is malformed.", "Check that the page and the function are of the same version."],
        403: ["Refused: a permission is missing.", "Check the inline policy of the function's role (step 2)."],
        404: ["Not found: the endpoint or the API.", "Check that the SageMaker endpoint (step 0) exists and is InService."],
        413: ["What was sent is too large.", "Please shorten the sentence."],
        429: ["Too many requests, or not ready yet.", "Try again in a moment."],
        500: ["Something failed inside the API.", "Check the API's permission to invoke the function (step 4), the function's concurrency limit (step 3) and its log."],
        502: ["The model could not answer this sentence.", "Look at the endpoint's log."],
        503: ["The service is unavailable right now.", "Try again in a moment."],
        504: ["The function or the model did not answer in time.", "Try again in a moment. If it stays so, check the function's timeout (step 3) and the state of the endpoint."],
        other: ["An unexpected error occurred.", "Look at the technical details below."]
      }
    }
  };

  const LONGEST = 5000, TIMEOUT = 31000, SURE = 0.615, KEPT = 10;
  const KNOWN = ["400", "403", "404", "413", "429", "500", "502", "503", "504"];
  const LAB = "BlazingText Text Classification Hands-On-Lab";
  const $ = (id) => document.getElementById(id);
  const state = { language: "ko", shown: { kind: "idle" }, history: [], asked: 0 };

  // --- words ---
  const words = () => MESSAGES[state.language];
  const put = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // No model is certain: what would round to 100 % is not shown so.
  const percent = (value) => (Math.min(value, 0.9999) * 100).toFixed(2) + "%";
  const side = (label) => words()[label === "1" ? "positive" : "negative"];

  function remembered() {
    try { return localStorage.getItem("language"); } catch { return null; } // forbidden in some browsers on file://
  }

  function remember(language) {
    try { localStorage.setItem("language", language); } catch { /* the choice lasts for this visit */ }
  }

  // --- asking ---
  function failure(cause, detail) {
    return Object.assign(new Error(cause), { cause, detail });
  }

  function client() {
    if (typeof apigClientFactory === "undefined") throw failure("sdk", "apigClientFactory is not defined");
    const made = apigClientFactory.newClient({});
    if (typeof made.rootPost !== "function") throw failure("sdk", "rootPost is not a function");
    return made;
  }

  function inTime(promise) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(failure("timeout", TIMEOUT / 1000 + " s")), TIMEOUT);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  }

  async function ask(text) {
    const result = await inTime(client().rootPost(null, { sentences: [{ query: text }] }, {}));
    return understood(result && result.data);
  }

  // A failing function answers HTTP 200 with errorMessage when the integration maps no errors.
  function understood(data) {
    if (data && typeof data.errorMessage === "string") throw failure(causeOfMessage(data.errorMessage), shown(data));
    const row = Array.isArray(data) ? data[0] : undefined;
    const label = row ? String([].concat(row.label)[0]).replace("__label__", "") : "";
    const value = row ? [].concat(row.prob)[0] : undefined;
    if ((label !== "0" && label !== "1") || typeof value !== "number" || !(value >= 0 && value < 1.01)) {
      throw failure("shape", shown(data));
    }
    return { label, value: Math.min(value, 1) };
  }

  function causeOfMessage(message) {
    const code = (/^\[(\d{3})\]/.exec(message) || [])[1];
    if (KNOWN.includes(code)) return code === "500" ? "function" : code;
    return /timed out/i.test(message) ? "504" : "function";
  }

  // The same status means one thing when API Gateway says it, and another when the function does, in brackets.
  function causeOfStatus(status, message) {
    if (status === "403" && /^(Missing Authentication Token|Forbidden)$/.test(message)) return "address";
    if (status === "500" && message.startsWith("[500]")) return "function";
    return KNOWN.includes(status) ? status : "other";
  }

  // A machine without a network still reaches itself, and the local AWS with it.
  function offline() {
    return navigator.onLine === false && !/^(|127\..*|\[::1\]|(.*\.)?localhost)$/.test(window.location.hostname);
  }

  // SDKs of before 2024 reject with the response itself, later ones with an error that carries it.
  function causeOf(error) {
    if (error && error.cause && error.detail !== undefined) return error;
    if (typeof error === "string") return failure("sdk", error);
    const response = (error && error.response) || error || {};
    const status = Number(response.status) || 0;
    if (!status && error && error.code === "ECONNABORTED") return failure("timeout", String(error.message));
    if (!status) return failure(offline() ? "offline" : "network", String((error && error.message) || "status 0"));
    const detail = put(words().status, { status }) + "\n" + shown(response.data);
    return failure(causeOfStatus(String(status), String((response.data || {}).message)), detail);
  }

  function shown(data) {
    try { return typeof data === "string" ? data : JSON.stringify(data, null, 2) || String(data); } catch { return String(data); }
  }

  async function submit() {
    // The model reads one line, and whole syllables: pasted Hangul may come as one letter after the other.
    const text = $("sentence").value.trim().replace(/\s+/g, " ").normalize("NFC");
    if (!text) return remind();
    if (state.shown.kind === "pending" && state.shown.text === text) return;
    const turn = ++state.asked;
    if ([...text].length > LONGEST) return show({ kind: "failed", text, cause: "long", detail: [...text].length + " / " + LONGEST });
    if (!readable(text)) return show({ kind: "unreadable", text });
    show({ kind: "pending", text });
    const outcome = await ask(text).then((answer) => ({ kind: "answered", text, ...answer }), (error) => {
      const { cause, detail } = causeOf(error);
      return { kind: "failed", text, cause, detail };
    });
    if (turn !== state.asked) return; // a later question has been asked meanwhile
    if (outcome.kind === "answered") state.history = [outcome, ...state.history].slice(0, KEPT);
    show(outcome);
  }

  // An empty field is no question: the hint below it says so, and what is shown stays.
  function remind() {
    state.reminded = true;
    $("sentence").focus();
    renderHint();
  }

  // --- showing ---
  function show(what) {
    state.shown = what;
    render();
  }

  // The model learnt from Korean: a text without at least two Korean letters tells it nothing, and laughter or
  // tears alone tell little: of the corpus's reviews of nothing but ㅋ 45 % are positive, of nothing but ㅠ and ㅜ 61 %.
  const readable = (text) => (text.match(/[ㄱ-ㅎㅏ-ㅣ가-힣]/g) || []).length > 1 && /[가-힣]/.test(text);

  function unreadable(text) {
    const why = (text.match(/[ㄱ-ㅎㅏ-ㅣ]/g) || []).length > 1 ? "jamo" : "unreadable";
    return put(words()[why], { text });
  }
  const undecided = (answer) => answer.value < SURE;

  function described(what) {
    const say = words();
    if (what.kind === "unreadable") return [say.unknown, unreadable(what.text)];
    if (what.kind !== "answered") return [say[what.kind] || "", say[what.kind + "Answer"] || ""];
    const values = { text: what.text, percent: percent(what.value), side: side(what.label) };
    if (state.language === "en") values.side = values.side.toLowerCase();
    return undecided(what) ? [say.unknown, put(say.close, values)] : [side(what.label), put(say.answer, values)];
  }

  function labelOf(what) {
    if (what.kind === "unreadable") return "unknown";
    if (what.kind !== "answered") return "";
    return undecided(what) ? "unknown" : what.label;
  }

  function renderResult(what) {
    const [verdict, answer] = described(what);
    $("verdict").textContent = verdict;
    $("answer").textContent = answer;
    $("probability").textContent = what.kind === "answered" ? percent(what.value) : "–";
    $("result").dataset.kind = what.kind;
    if (labelOf(what)) $("result").dataset.label = labelOf(what);
    else delete $("result").dataset.label;
    renderGauge(what);
  }

  function renderGauge(what) {
    const known = what.kind === "answered", gauge = $("gauge");
    const positive = !known ? 0.5 : what.label === "1" ? what.value : 1 - what.value;
    gauge.style.setProperty("--at", positive * 100 + "%");
    gauge.classList.toggle("known", known);
    gauge.setAttribute("aria-valuenow", (positive * 100).toFixed(2));
    const text = known ? put(words().gauge, { side: side(what.label), percent: percent(what.value) }) : words().noGauge;
    gauge.setAttribute("aria-valuetext", text);
    gauge.setAttribute("aria-label", words().probabilityTag);
  }

  function renderFailure(what) {
    const [cause, advice] = words().failures[what.cause];
    $("error").dataset.cause = what.cause;
    $("cause").textContent = cause;
    $("advice").textContent = advice;
    $("technical").textContent = what.detail;
  }

  function historyRow(answer) {
    const [row, opens, summary] = ["li", "details", "summary"].map((name) => document.createElement(name));
    const label = labelOf(answer), name = label === "unknown" ? "?" : side(label);
    row.dataset.label = label;
    for (const [kind, text] of [["badge", name], ["share", percent(answer.value)], ["text", answer.text]]) {
      summary.append(Object.assign(document.createElement("span"), { className: kind, textContent: text }), " ");
    }
    opens.append(summary, Object.assign(document.createElement("p"), { className: "whole", textContent: described(answer)[1] }));
    opens.open = answer.open === true;
    opens.addEventListener("toggle", () => { answer.open = opens.open; });
    row.append(opens);
    return row;
  }

  function renderWords() {
    document.documentElement.lang = state.language;
    document.title = words().title + " – " + LAB;
    renderHint();
    for (const element of document.querySelectorAll("[data-say]")) element.textContent = words()[element.dataset.say];
    for (const element of document.querySelectorAll("[data-say-label]")) {
      element.setAttribute("aria-label", words()[element.dataset.sayLabel]);
    }
    $("language").textContent = words().language;
    $("language").lang = state.language === "ko" ? "en" : "ko";
  }

  function renderHint() {
    const text = words()[state.reminded ? "empty" : "hint"], hint = $("hint");
    if (hint.textContent !== text) hint.textContent = text; // said anew only when it changed
    hint.classList.toggle("reminded", Boolean(state.reminded));
    $("sentence").setAttribute("aria-invalid", String(Boolean(state.reminded)));
  }

  function render() {
    const what = state.shown, failed = what.kind === "failed";
    renderWords();
    $("stage").setAttribute("aria-busy", String(what.kind === "pending"));
    $("result").hidden = failed;
    $("error").hidden = !failed;
    if (failed) renderFailure(what);
    else delete $("error").dataset.cause;
    if (failed) delete $("result").dataset.label;
    else renderResult(what);
    $("history").replaceChildren(...state.history.map(historyRow));
    $("no-history").hidden = state.history.length > 0;
  }

  function count() {
    const length = [...$("sentence").value].length;
    $("counter").textContent = length.toLocaleString("en") + " / " + LONGEST.toLocaleString("en");
    $("counter").classList.toggle("over", length > LONGEST);
  }

  // --- listening ---
  $("form").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  $("sentence").addEventListener("keydown", (event) => {
    // The Enter that ends a Hangul composition is not meant for the form; Safari says so only by its key code.
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (!event.isComposing && event.keyCode !== 229) submit();
  });
  $("sentence").addEventListener("input", () => {
    count();
    if (state.reminded) { state.reminded = false; renderHint(); }
  });
  $("language").addEventListener("click", () => {
    state.language = state.language === "ko" ? "en" : "ko";
    remember(state.language);
    render();
  });
  for (const example of document.querySelectorAll(".example")) {
    example.addEventListener("click", () => { $("sentence").value = example.textContent; count(); submit(); });
  }

  if (remembered() === "en") state.language = "en";
  render();
  count();
})();
