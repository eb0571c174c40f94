// The shell's own words, in both languages; what the lab says comes from the server in both.
const WORDS = {
  title: ["hol 연습 콘솔", "hol practice console"],
  guide: ["가이드", "Guide"],
  practice: ["연습 콘솔", "Practice console"],
  mark: ["연습 콘솔, AWS가 아니에요", "Practice console, not AWS"],
  markWhy: ["여기서 만드는 것은 모두 이 컴퓨터 안의 로컬 AWS에만 있어요. 요금도 나오지 않아요.", "All that you make here exists only in the local AWS on this machine, and costs nothing."],
  steps: ["단계", "Steps"],
  step: ["{}단계", "Step {}"],
  previous: ["이전 단계", "Previous step"],
  next: ["다음 단계", "Next step"],
  right: ["완료", "Done"],
  wrong: ["고칠 것이 있음", "To be mended"],
  absent: ["아직 없음", "Not there yet"],
  unknown: ["확인하는 중", "Looking"],
  skipped: ["건너뜀", "Skipped"],
  check: ["이 단계 확인", "Check this step"],
  do: ["대신 해 주기", "Do it for me"],
  undo: ["되돌리기", "Undo it"],
  skip: ["건너뛰기", "Skip"],
  unskip: ["건너뛰기 취소", "Do not skip"],
  help: ["강사에게 도움 요청", "Ask the instructor for help"],
  helpAsked: ["{}단계에서 도움을 요청했어요. 강사의 현황판에 표시돼요.", "You have asked for help with step {}. The instructor's board shows it."],
  helpOver: ["이제 괜찮아요", "I no longer need it"],
  here: ["콘솔", "Console"],
  cli: ["CLI", "CLI"],
  python: ["Python", "Python"],
  findings: ["확인한 것 {}개 중 {}개 통과", "{1} of {0} things are right"],
  mend: ["고치는 방법", "To mend it"],
  log: ["hol이 하는 일", "What hol does"],
  logEmpty: ["버튼을 누르면 hol이 한 일이 여기에 나와요.", "What hol does when you press a button is shown here."],
  lost: ["hol console이 멈췄어요. 터미널에서 다시 실행하면 이어서 해요.", "hol console has stopped. Run it again in the terminal, and it goes on from here."],
  shut: ["이 주소로는 들어갈 수 없어요. 터미널에서 hol open console을 실행하세요.", "You cannot come in by this address. Run in the terminal: hol open console"],
  failed: ["요청이 실패했어요", "The request failed"],
  language: ["English", "한국어"],
  dark: ["어두운 화면", "Dark"],
  light: ["밝은 화면", "Light"],
  copy: ["복사", "Copy"],
  copied: ["복사했어요", "Copied"],
  copyFailed: ["복사하지 못했어요", "Could not copy"],
  dismiss: ["닫기", "Dismiss"],
  done: ["{}단계가 맞게 됐어요.", "Step {} is right."],
  what: ["무엇을", "What"],
  aws: ["AWS가 한 말", "In AWS's words"],
  home: ["서비스", "Services"],
  happened: ["방금 일어난 일", "What just happened"],
  happenedEmpty: ["버튼을 누르면 콘솔이 부른 API가 여기에 나와요.", "The API calls that the console makes when you press a button are shown here."],
  silent: ["말없이", "silently"],
  refused: ["거부됨", "refused"],
  region: ["리전", "Region"],
  noPractice: ["연습은 로컬 AWS에서만 할 수 있어요", "Practising is for the local AWS only"],
  noPracticeWhy: [
    "지금은 진짜 AWS 계정을 보고 있어요. 연습 화면으로는 그 계정에 아무것도 하지 않아요. 왼쪽 가이드의 링크로 AWS 콘솔을 열어서 하면, 여기에서 단계마다 상태를 보고 확인할 수 있어요.",
    "This is a real AWS account, and the practice screens do nothing to it. Open the AWS console by the links of the guide at the left: here you see how each step stands, and can check it.",
  ],
  select: ["선택", "Select"],
  selectAll: ["모두 선택", "Select all"],
  find: ["찾기", "Find"],
  choose: ["선택하세요", "Choose"],
  none: ["없음", "None"],
  required: ["꼭 필요해요", "This is required"],
  cancel: ["취소", "Cancel"],
  back: ["이전", "Previous"],
  forward: ["다음", "Next"],
  remove: ["제거", "Remove"],
  addFiles: ["파일 추가", "Add files"],
  addFolder: ["폴더 추가", "Add folder"],
  drop: ["업로드할 파일과 폴더를 여기에 끌어다 놓거나, 파일 추가 또는 폴더 추가를 선택하세요.", "Drag and drop files and folders you want to upload here, or choose Add files or Add folder."],
  files: ["파일 및 폴더 ({})", "Files and folders ({})"],
  key: ["키", "Key"],
  value: ["값", "Value"],
  addVariable: ["환경 변수 추가", "Add environment variable"],
  working: ["하는 중…", "Working…"],
  labelsFrom: ["화면의 이름: {}, {} 기준", "Labels: {}, as of {}"],
  opens: ["새 창에서 열려요", "opens in a new window"],
  items: ["항목", "Items"],
  newEvent: ["새 이벤트 생성", "Create new event"],
};

let language = localStorage.getItem("hol-language") || (navigator.language.startsWith("ko") ? "ko" : "en");

export const current = () => language;
export function speak(chosen) {
  language = chosen;
  localStorage.setItem("hol-language", chosen);
  document.documentElement.lang = chosen;
  document.title = say("title");
}

/** A sentence of the shell; `{}` and `{0}` are filled in. */
export function say(name, ...values) {
  let next = 0;
  return WORDS[name][language === "ko" ? 0 : 1].replace(/\{(\d*)\}/g, (_, place) => values[place === "" ? next++ : Number(place)]);
}

/** What the server said in both languages. */
export const tell = (both) => (both == null ? "" : typeof both === "string" ? both : both[language] ?? both.en ?? "");
