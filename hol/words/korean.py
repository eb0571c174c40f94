"""The Korean catalogue: English template → Korean template. A test holds it complete.

Sentences are in 합니다체, nouns are AWS's own Korean console terms. What is waited for or changed is a noun phrase,
since it is put into sentences such as "기다리는 중: {}". Where Korean wants another order, fields are numbered.
"""

from __future__ import annotations

from hol.words.korean_aws import AWS
from hol.words.korean_cli import CLI
from hol.words.korean_config import CONFIG
from hol.words.korean_operate import OPERATE
from hol.words.korean_teach import TEACH

_OWN: dict[str, str] = {
    # hol/site, steps/step07_sdk.py
    "the pages have a file {} where the site has the folder of {}": (
        "페이지에 파일 {}이(가) 있는데, 사이트에서는 그 이름이 {}의 폴더입니다"
    ),
    "give the file another name": "파일에 다른 이름을 붙이십시오",
    "{} cannot be written": "{}을(를) 쓸 수 없습니다",
    "something that hol did not write stands there": "hol이 쓰지 않은 것이 그 자리에 있습니다",
    "move or delete {}": "{}을(를) 옮기거나 지우십시오",
    "it belongs to this lab at {}": "{}에 있는 이 실습의 것입니다",
    "cannot tell: what it rests on is in the way": "알 수 없음: 앞 단계에 문제가 있습니다",
    "these are not the lab's, stay whoever's they are, and are not taken over: {}": (
        "이 실습의 것이 아니므로 넘겨받지 않고 그대로 둡니다: {}"
    ),
    # hol/site/checks.py
    "look at its log: {}": "로그를 살펴보십시오: {}",
    "the function": "함수",
    "function {} with the event myTestEvent": "함수 {}에 테스트 이벤트 myTestEvent",
    "API Gateway may not invoke the function": "API Gateway에 함수를 호출할 권한이 없습니다",
    "API Gateway's test, status {},": "API Gateway 테스트(상태 {})",
    "API Gateway's test of POST on /": "API Gateway의 / POST 테스트",
    "the invoke URL": "호출 URL",
    "POST to {}": "{}에 POST",
    "the preflight question": "CORS 사전 요청",
    "the preflight answer does not let the page call": "사전 요청의 답이 페이지의 호출을 허락하지 않습니다",
    "the page's origin may POST": "페이지의 출처에서 POST할 수 있습니다",
    "CORS preflight of {}": "{}의 CORS 사전 요청",
    "the answer carries no Access-Control-Allow-Origin, so the page cannot read it": (
        "답에 Access-Control-Allow-Origin이 없어서 페이지가 읽을 수 없습니다"
    ),
    "the call from the page": "페이지에서 부르기",
    "a call from the page's origin": "페이지의 출처에서 부르기",
    "the website": "웹 사이트",
    "{} of the website": "웹 사이트의 {}",
    "the page does not load apigClient.js": "페이지가 apigClient.js를 불러오지 않습니다",
    "page and {} files": "페이지와 파일 {}개",
    "website {}": "웹 사이트 {}",
    "{} does not answer": "{}: 응답이 없습니다",
    "403 is what AWS says when something is missing, not public, or not deployed; run: {}": (
        "무엇이 없거나, 공개되지 않았거나, 배포되지 않았을 때 AWS는 403으로 답합니다. 다음을 실행하십시오: {}"
    ),
    "too many requests at once (stage.rate, stage.burst); wait a moment": (
        "한꺼번에 너무 많이 요청했습니다(stage.rate, stage.burst). 잠시 기다리십시오"
    ),
    "{} answers {}": "{}: 상태 {}(으)로 답했습니다",
    "{} answers with something that is not JSON": "{}: JSON이 아닌 것으로 답했습니다",
    "{} answers with an error": "{}: 오류로 답했습니다",
    "{} does not answer as the guide expects: {}": "{}: 가이드가 기대하는 답이 아닙니다: {}",
    "positive {}, negative {}": "긍정 {}, 부정 {}",
    # hol/engine/events.py
    "seconds": "초",
    # hol/engine/lab.py
    "put it there, or correct the path in config.yaml; hol's own files lie in {}": (
        "그 자리에 두거나 config.yaml의 경로를 고치십시오. hol이 가져온 파일은 다음 폴더에 있습니다: {}"
    ),
    "{} exists, but it is not this lab's": "{}: 이미 있지만 이 실습의 것이 아닙니다",
    "it lacks the tag {}={}, so hol neither changes nor deletes it": (
        "태그 {}={}이(가) 없어서 hol은 바꾸지도 지우지도 않습니다"
    ),
    "choose another name in config.yaml, or remove it yourself if you no longer need it": (
        "config.yaml에서 다른 이름을 고르거나, 더는 필요 없다면 직접 지우십시오"
    ),
    "this step needs what the step “{}” makes, and that is not there yet": (
        "이 단계에는 “{}” 단계가 만드는 것이 필요한데 아직 없습니다"
    ),
    "run first: {}": "먼저 실행하십시오: {}",
    "waited {} seconds for {}": "{1}: {0}초를 기다렸지만 끝나지 않았습니다",
    "run the same command again: it goes on where it stopped": "같은 명령을 다시 실행하면 멈춘 곳에서 이어집니다",
    "change {}": "{} 변경",
    "read {}": "{} 읽기",
    # hol/engine/runner.py
    "{} and {} have the same number": "{}와(과) {}의 번호가 같습니다",
    "{} needs the step {}, which does not exist": "{}에 필요한 단계 {}이(가) 없습니다",
    "without that folder hol takes its own steps: {}": "그 폴더가 없으면 hol이 자신의 단계를 씁니다: {}",
    "there are no steps in {}": "{}에 단계가 없습니다",
    "{} cannot be loaded": "{}을(를) 불러올 수 없습니다",
    "log groups that come back late": "뒤늦게 다시 생기는 로그 그룹",
    # hol/site/contents.py
    "the SDK that API Gateway sent is no zip file": "API Gateway가 보낸 SDK가 zip 파일이 아닙니다",
    "the SDK that API Gateway sent is implausibly large": "API Gateway가 보낸 SDK가 터무니없이 큽니다",
    "nothing was unpacked; run the same command again": "아무것도 풀지 않았습니다. 같은 명령을 다시 실행하십시오",
    "the SDK that API Gateway sent has a path that leads outside its folder: {}": (
        "API Gateway가 보낸 SDK에 폴더 밖으로 나가는 경로가 있습니다: {}"
    ),
    "nothing was unpacked": "아무것도 풀지 않았습니다",
    "the SDK has no apigClient.js": "SDK에 apigClient.js가 없습니다",
    "API Gateway makes none when the API has no method but ANY": (
        "API에 ANY 메서드밖에 없으면 API Gateway가 그 파일을 만들지 않습니다"
    ),
    # steps/step00_endpoint.py
    "hol did not create the endpoint {} and will not delete it": (
        "엔드포인트 {}은(는) hol이 만들지 않았으므로 지우지 않습니다"
    ),
    "still billing, not mine: hol did not create it and leaves it alone": (
        "요금이 계속 나오지만 hol이 만든 것이 아니므로 그대로 둡니다"
    ),
    "model archive {}": "모델 아카이브 {}",
    # steps/step09_upload.py
    "it is not the lab's and is not uploaded; to publish it, put it into the pages folder: {}": (
        "실습의 것이 아니어서 업로드하지 않습니다. 공개하려면 페이지 폴더에 넣으십시오: {}"
    ),
    # steps/step07_sdk.py
    "hol was interrupted while it made or removed it": "hol이 만들거나 지우다가 중단되었습니다",
    "somebody has edited it since hol wrote it; it stays as it is": "hol이 쓴 뒤에 누군가 고쳤으므로 그대로 둡니다",
    "hol's files in the site folder {}": "사이트 폴더 {}에 있는 hol의 파일",
    "somebody has edited these since hol wrote them: {}": "hol이 쓴 뒤에 누군가 고쳤습니다: {}",
    "move or delete them, then run: {}": "옮기거나 지운 뒤에 실행하십시오: {}",
    "it holds files that hol did not write; they stay": "hol이 쓰지 않은 파일이 있어 그대로 둡니다",
    "SDK of the stage {}, and the pages": "스테이지 {}의 SDK와 페이지",
    "there is a folder {} already, and it is not this lab's": "{} 폴더가 이미 있으며 이 실습의 것이 아닙니다",
    "hol would have to overwrite what is in it": "hol이 그 안의 것을 덮어써야 합니다",
    "run hol in another folder, or choose another name: {}": (
        "다른 폴더에서 hol을 실행하거나 다른 이름을 고르십시오: {}"
    ),
}

KOREAN: dict[str, str] = {**_OWN, **CLI, **CONFIG, **AWS, **OPERATE, **TEACH}
