"""Korean for the command line: help, questions, results, the guide, and the frame around everything else.

Part of the catalogue in `hol/words/korean.py`.
"""

from __future__ import annotations

CLI: dict[str, str] = {
    # hol/__main__.py
    "hol": "hol은",
    "interrupted: what is done is kept; go on with the same command, or undo all of it with: {}": (
        "중단했습니다. 지금까지 한 일은 남아 있습니다. 이어서 하려면 같은 명령을 다시 실행하고, 모두 되돌리려면 "
        "다음을 실행하십시오: {}"
    ),
    # hol/cli/main.py
    "The embedded AWS of this machine, or your account.": "이 컴퓨터 안의 로컬 AWS 또는 내 AWS 계정.",
    "Change one key of config.yaml for this command.": "이 명령에서만 config.yaml의 키 하나를 바꿉니다.",
    "The lab's config.yaml or its folder; default: this folder's.": (
        "실습의 config.yaml 또는 그 폴더. 기본값: 이 폴더의 것."
    ),
    "The AWS region.": "AWS 리전.",
    "The profile of ~/.aws/config.": "~/.aws/config의 프로필.",
    "How many things may run side by side; 1: one after the other.": (
        "동시에 할 수 있는 일의 수. 1이면 하나씩 차례로 합니다."
    ),
    "JSON lines on stdout.": "표준 출력에 JSON을 한 줄씩 씁니다.",
    "Show the traceback of an error.": "오류의 역추적(traceback)을 보여 줍니다.",
    "A hands-on lab of the AWS console, as commands: a SageMaker endpoint that tells positive movie reviews from negative ones, behind Lambda, API Gateway and a web page.\n\nExit codes: 0 done, 1 failed, 2 usage or config, 3 differs, 4 credentials, 5 permission or quota, 6 something left behind, 7 a check failed, 130 interrupted (129 hung up, 143 terminated).": (
        "AWS 콘솔 실습을 명령으로 합니다. 영화 리뷰가 긍정인지 부정인지 가려내는 SageMaker 엔드포인트를 Lambda, "
        "API Gateway, 웹 페이지로 잇습니다.\n\n종료 코드: 0 완료, 1 실패, 2 사용법이나 설정 오류, 3 설정과 다름, 4 "
        "자격 증명, 5 권한이나 할당량, 6 남은 것이 있음, 7 확인 실패, 130 중단(129 연결 끊김, 143 종료 신호)."
    ),
    "Show the version.": "버전을 보여 줍니다.",
    "this is not the number of a step": "단계 번호가 아닙니다",
    "the results could not be written to stdout": "결과를 표준 출력에 쓸 수 없습니다",
    "this machine refuses": "이 컴퓨터가 거부합니다",
    "Provision the whole lab, then check that it works.\n\nExamples: hol up · hol up --dry-run · hol up --target aws": (
        "실습 전체를 만들고 잘 되는지 확인합니다.\n\n예: hol up · hol up --dry-run · hol up --target aws"
    ),
    "Show what would be done, change nothing.": "무엇을 할지 보여 주기만 하고 아무것도 바꾸지 않습니다.",
    "Do not ask.": "묻지 않습니다.",
    "Skip the checks at the end.": "끝의 확인을 건너뜁니다.",
    "Do one step of the guide, 0 to 10.\n\nExamples: hol step 0 · hol step 3 · hol step 3 --explain · hol step 3 --cli": (
        "가이드의 한 단계(0~10)를 합니다.\n\n예: hol step 0 · hol step 3 · hol step 3 --explain · hol step 3 --cli"
    ),
    "Show the guide's text and what would be done, do nothing.": "가이드와 무엇을 할지를 보여 주기만 합니다.",
    "Print the equivalent aws commands, do nothing.": "같은 일을 하는 aws 명령을 출력하기만 합니다.",
    "Print the equivalent Python, do nothing.": "같은 일을 하는 Python 코드를 출력하기만 합니다.",
    "Show the guide's text first; default: on a terminal.": "가이드를 먼저 보여 줍니다. 기본값: 터미널에서만.",
    "Write the whole lab as one document, with your own names.\n\nExamples: hol guide · hol guide --format md --output - · hol guide --since-2019": (
        "실습 전체를 내 이름을 넣은 문서 하나로 만듭니다.\n\n예: hol guide · hol guide --format md --output - · "
        "hol guide --since-2019"
    ),
    "The document's format.": "문서의 형식.",
    "Where to write it; -: to stdout.": "쓸 곳. -는 표준 출력.",
    "List what of the original guide no longer works, and what hol does.": (
        "원래 가이드에서 이제는 안 되는 것과 hol이 대신 하는 일을 보여 줍니다."
    ),
    "Look at what was made, by hand or by hol, say what is wrong and how to mend it, and run the guide's own tests.\n\n"
    "Examples: hol check · hol check 4": (
        "손으로 만들었든 hol이 만들었든 지금 있는 것을 살펴보고, 무엇이 잘못되었고 어떻게 고치는지 말한 뒤 가이드의 테스트를 실행합니다.\n\n"
        "예: hol check · hol check 4"
    ),
    "Take over what was rightly made by hand, after showing it and asking, so that hol down deletes it too.\n\n"
    "Examples: hol adopt · hol adopt 3 --yes": (
        "손으로 올바르게 만든 것을 보여 주고 물은 뒤 넘겨받아, hol down이 함께 지우게 합니다.\n\n"
        "예: hol adopt · hol adopt 3 --yes"
    ),
    "Show what is there, step by step; exit code 3 when it differs from the configuration.": (
        "무엇이 있는지 단계별로 보여 줍니다. 설정과 다르면 종료 코드가 3입니다."
    ),
    "Open the page in the browser.": "브라우저로 페이지를 엽니다.",
    "Take everything down that this lab made, or only what step N did, after showing it and asking.\n\n"
    "What of a later step lies inside what step N made goes with it: the inline policy with the role, the objects with "
    "the bucket.\n\nExamples: hol down --dry-run · hol down 9 · hol down 5 --with-later": (
        "이 실습이 만든 것 전부, 또는 N단계가 한 일만 먼저 보여 주고 물은 뒤 지웁니다.\n\n"
        "N단계가 만든 것 안에 들어 있는 뒤 단계의 것은 함께 지워집니다. 역할의 인라인 정책이나 버킷의 객체가 그렇습니다."
        "\n\n예: hol down --dry-run · hol down 9 · hol down 5 --with-later"
    ),
    "Also take back the later steps that rest on step N, the latest first.": (
        "N단계에 기대는 뒤 단계도 나중 것부터 되돌립니다."
    ),
    "Write the commented config.yaml into this folder.": "설명이 달린 config.yaml을 이 폴더에 만듭니다.",
    "Also steps/ and assets/, to make a lab of your own.": (
        "나만의 실습을 만들 수 있도록 steps/와 assets/도 만듭니다."
    ),
    "The language of all texts.": "모든 글의 언어.",
    "The embedded AWS of this machine.": "이 컴퓨터 안의 로컬 AWS.",
    "Start it; it then stays until `hol local stop`.": "로컬 AWS를 시작합니다. `hol local stop`까지 켜져 있습니다.",
    "Stop it; everything in it is gone.": "로컬 AWS를 멈춥니다. 안에 있던 것은 모두 사라집니다.",
    "Say whether it runs, and where.": "켜져 있는지, 어디에 있는지 알려 줍니다.",
    "Show its log.": "로그를 보여 줍니다.",
    'Print the shell completion.\n\nExample: eval "$(hol completion bash)"': (
        '셸 자동 완성을 출력합니다.\n\n예: eval "$(hol completion bash)"'
    ),
    # hol/cli/lab.py
    "create or change the lab in this account?": "이 계정에 실습을 만들거나 바꿀까요?",
    "this was a dry-run: nothing was changed; to do it: {}": (
        "미리 보기였으며 아무것도 바꾸지 않았습니다. 실제로 하려면: {}"
    ),
    "when you are done: {}": "실습이 끝나면: {}",
    "checks": "확인",
    "if your browser does not find it (Safari): {}": "브라우저가 주소를 찾지 못하면(Safari): {}",
    "step {} has no test of its own in the guide": "{}단계에는 가이드의 테스트가 따로 없습니다",
    "next: {}": "다음: {}",
    "in place": "갖추어져 있습니다",
    "differs: {}": "다릅니다: {}",
    "not there": "없습니다",
    "there is no browser to open here; open it yourself: {}": "여기서는 브라우저를 열 수 없습니다. 직접 여십시오: {}",
    "delete these {} things?": "이 {}가지를 지울까요?",
    "delete these {} things, and what else is found of the {} that stand above?": (
        "이 {}가지와, 위에서 읽지 못한 {}가지에서 찾게 되는 것을 지울까요?"
    ),
    "this lab's, under another name or setting than the configuration's; to delete it: {}": (
        "설정과 다른 이름이나 다른 설정으로 만든 이 실습의 것입니다. 지우려면: {}"
    ),
    "this lab's, under other names or settings": "다른 이름이나 다른 설정으로 만든 이 실습의 것",
    "{} deleted and verified absent": "{}가지를 지웠고, 없는 것을 확인했습니다",
    "what this lab made under other names was not looked for: {}": (
        "이 실습이 다른 이름으로 만든 것은 찾아보지 못했습니다: {}"
    ),
    "{} is not allowed": "{} 권한이 없습니다",
    "{} are not allowed": "{} 권한이 없습니다",
    "it bears this lab's tag, but is nothing that hol makes; hol leaves it alone": (
        "이 실습의 태그가 있지만 hol이 만드는 것이 아니므로 그대로 둡니다"
    ),
    "nothing of this lab is here": "이 실습이 만든 것이 없습니다",
    # hol/cli/down.py
    "nothing of step {} is here": "{}단계가 만든 것이 없습니다",
    "whose later steps? the number of a step is missing": "어느 단계의 뒤 단계인지 알 수 없습니다. 단계 번호가 없습니다",
    "later steps rest on this one and still stand; what of them is inside goes with it, the rest stays: {}": (
        "이 단계에 기대는 뒤 단계가 아직 남아 있습니다. 이 단계가 만든 것 안에 있는 것은 함께 지워지고 나머지는 남습니다: {}"
    ),
    "to take them back too, the latest first: {}": "나중 것부터 함께 되돌리려면: {}",
    "the local AWS does not run; what was in it went with it": (
        "로컬 AWS가 켜져 있지 않습니다. 그 안에 있던 것은 함께 사라졌습니다"
    ),
    "there is no terminal to ask on": "물어볼 터미널이 없습니다",
    "if you are sure: {}": "확실하다면: {}",
    "yes": "예",
    "nothing was changed": "아무것도 바꾸지 않았습니다",
    "{} is already here, and hol does not overwrite it": "{}이(가) 이미 있으며, hol은 덮어쓰지 않습니다",
    "make a lab of its own in a new folder: {}": "새 폴더에 따로 만드십시오: {}",
    # hol/cli/receipt.py
    "left: {}: {}; {}": "남음: {}: {}. {}",
    "still there: {}; run: {}": "아직 있음: {}. 다음을 실행하십시오: {}",
    "{} deleted and verified absent, {} left behind": "{}가지를 지우고 없어진 것을 확인했습니다. {}가지가 남았습니다",
    "{} deleted and verified absent, nothing left behind": (
        "{}가지를 지우고 없어진 것을 확인했습니다. 남은 것이 없습니다"
    ),
    # hol/teach/blanks.py
    "site folder {}": "사이트 폴더 {}",
    "SDK files in {}": "{}의 SDK 파일",
    "pages in {}": "{}의 페이지",
    # hol/cli/teaching.py
    "to check it: {}": "확인하려면: {}",
    "the links lead to the console of an AWS account; the local AWS has none": (
        "링크는 AWS 계정의 콘솔로 갑니다. 로컬 AWS에는 콘솔이 없습니다"
    ),
    "choose another file: {}": "다른 파일을 고르십시오: {}",
    # hol/teach/document.py
    "A web service that tells positive movie reviews from negative ones": (
        "영화 리뷰가 긍정인지 부정인지 알려 주는 웹 서비스"
    ),
    "Browser → S3 website → API Gateway (REST, non-proxy) → Lambda → SageMaker endpoint → model": (
        "브라우저 → S3 웹 사이트 → API Gateway(REST, 비프록시) → Lambda → SageMaker 엔드포인트 → 모델"
    ),
    "The same with the AWS CLI": "AWS CLI로 똑같이 하기",
    "account {}, region {}": "계정 {}, 리전 {}",
    "Browser": "브라우저",
    "the page": "페이지",
    "REST, POST /": "REST, POST 요청",
    "endpoint, model": "엔드포인트, 모델",
    # hol/teach/since.py
    "why": "이유",
    "since": "언제부터",
    "it depends on the account": "계정에 따라 다름",
    # hol/cli/terminal.py
    "page from disk": "디스크에서 여는 페이지",
    "API": "API 주소",
    "what to do": "할 일",
    "deleted (UTC)": "삭제(UTC)",
    "absent": "없음 확인",
    "created (UTC)": "생성(UTC)",
    "NO": "아니요",
    "{} s, at most {} s": "{}초, 최대 {}초",
    "waiting for {} ({})": "기다리는 중: {} ({})",
}
