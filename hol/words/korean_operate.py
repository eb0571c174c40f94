"""Korean for what keeps a lab well: the preflight, its cost, and the operator's policy.

Part of the catalogue in `hol/words/korean.py`.
"""

from __future__ import annotations

OPERATE: dict[str, str] = {
    "--account {}: an account has 12 digits": "--account {}: 계정은 숫자 12자리입니다",
    # hol/operate/account.py
    "the region {} is not enabled for this account": "리전 {}은(는) 이 계정에서 활성화되어 있지 않습니다",
    "the same credentials work in {}": "같은 자격 증명이 {}에서는 통합니다",
    "enable it in the account settings, or choose another: {}": (
        "계정 설정에서 활성화하거나 다른 리전을 고르십시오: {}"
    ),
    "the credentials expire in {} minutes": "자격 증명이 {}분 뒤에 만료됩니다",
    "a run may take {} minutes here": "여기서는 실행에 {}분까지 걸릴 수 있습니다",
    "sign in again before you begin; what is done is kept in any case": (
        "시작하기 전에 다시 로그인하십시오. 어떤 경우에도 한 일은 남습니다"
    ),
    "the clock of this machine is {} minutes off": "이 컴퓨터의 시계가 {}분 틀립니다",
    "AWS refuses signatures that are more than five minutes old": "AWS는 5분 넘게 어긋난 서명을 거절합니다",
    "the account blocks public access to all its buckets": "계정이 모든 버킷의 퍼블릭 액세스를 차단합니다",
    "account-level Block Public Access has {} on, so the page cannot be made public": (
        "계정의 퍼블릭 액세스 차단에서 {}이(가) 켜져 있어 페이지를 공개할 수 없습니다"
    ),
    "compare your policy with: {}": "내 정책을 다음과 견주어 보십시오: {}",
    "IAM cannot simulate what {} may do": "IAM이 {}의 권한을 시뮬레이션할 수 없습니다",
    "you may not do {}": "{} 작업 권한이 없습니다",
    "ask the account's owner for the statement {} of: {}": "계정 관리자에게 다음 정책의 {} 문을 요청하십시오: {}",
    "Service Quotas does not list {}": "Service Quotas에 {}이(가) 없습니다",
    "the account may not run an endpoint on {}": "이 계정에서는 {}에 엔드포인트를 둘 수 없습니다",
    "the quota “{}” is {}": "할당량 “{}”이(가) {}입니다",
    "the account runs at most {} functions at once": "이 계정은 함수를 동시에 {}개까지만 실행합니다",
    "new accounts begin so; when more people use the page at once, some are told to try again": (
        "새 계정은 이렇게 시작합니다. 더 많은 사람이 한꺼번에 페이지를 쓰면 일부는 다시 시도하라는 안내를 받습니다"
    ),
    "ask for more “Concurrent executions” in the Service Quotas console": (
        "Service Quotas 콘솔에서 “Concurrent executions” 할당량을 늘려 달라고 요청하십시오"
    ),
    "{} concurrent executions cannot be reserved": "동시 실행 {}개를 예약할 수 없습니다",
    "{} are unreserved in the account, and 100 of them must stay so": (
        "계정에 예약되지 않은 것이 {}개이고, 그 가운데 100개는 남겨 두어야 합니다"
    ),
    "reserve fewer or none: {}": "더 적게 예약하거나 예약하지 마십시오: {}",
    # hol/operate/cost.py
    "the endpoint": "엔드포인트",
    "the serverless endpoint": "서버리스 엔드포인트",
    "Lambda time": "Lambda 실행 시간",
    "Lambda requests": "Lambda 요청",
    "page": "페이지",
    "S3 requests": "S3 요청",
    "per 1,000 requests: about {} USD, as far as known": "요청 1,000건당: 알려진 만큼 약 {} USD",
    "not known here: {}; see {}": "여기서는 모릅니다: {}. 참고: {}",
    "prices as of {}, without tax and free tier ({})": "{} 기준 가격이며 세금과 프리 티어는 뺐습니다 ({})",
    "per hour: nothing that hol creates; the endpoint {} is somebody else's and bills its owner": (
        "시간당: hol이 만드는 것에는 없습니다. 엔드포인트 {}은(는) 다른 사람의 것이고 그 주인에게 청구됩니다"
    ),
    "per hour: nothing; the serverless endpoint bills what its requests use": (
        "시간당: 없습니다. 서버리스 엔드포인트는 요청이 쓴 만큼 청구됩니다"
    ),
    "per hour: the endpoint ({}) bills as long as it exists, asked or not": (
        "시간당: 엔드포인트({})는 쓰지 않아도 있는 동안 계속 청구됩니다"
    ),
    "per hour: {} USD for the endpoint ({}), asked or not: about {} USD a day": (
        "시간당: 엔드포인트({1})에 {0} USD. 쓰지 않아도 하루에 약 {2} USD입니다"
    ),
    "nothing bills per hour: there is no endpoint {}": "시간당 청구되는 것이 없습니다. 엔드포인트 {}이(가) 없습니다",
    "still billing, not mine: the endpoint {}, which hol did not create": (
        "요금이 계속 나오지만 hol의 것이 아닙니다: hol이 만들지 않은 엔드포인트 {}"
    ),
    "the endpoint {} bills per request (serverless), nothing per hour": (
        "엔드포인트 {}은(는) 요청마다 청구되고(서버리스) 시간당 요금은 없습니다"
    ),
    "billing per hour: the endpoint {} ({}), for {} already": "시간당 청구 중: 엔드포인트 {} ({}), 벌써 {}",
    "billing per hour: {} USD for the endpoint {}, for {} already: about {} USD so far": (
        "시간당 청구 중: 엔드포인트 {1}에 {0} USD, 벌써 {2}이므로 지금까지 약 {3} USD"
    ),
    "it bills until: {}\n    to set an end: {}": "다음을 실행할 때까지 청구됩니다: {}\n    끝나는 때를 정하려면: {}",
    "the dead-man's switch deletes it at {} UTC": "자동 삭제 예약이 {} UTC에 지웁니다",
    "{} h {} min": "{}시간 {}분",
    # hol/operate/findings.py
    "cannot tell: {}": "알 수 없음: {}",
    # hol/operate/machine.py
    "Python {} is too old": "Python {}은(는) 너무 오래되었습니다",
    "hol needs Python {} or newer": "hol에는 Python {} 이상이 필요합니다",
    "install a newer Python and hol into it": "더 새로운 Python을 설치하고 거기에 hol을 설치하십시오",
    "the disk is full: {} MB free, {} MB needed": "디스크가 가득 찼습니다: 남은 공간 {}MB, 필요한 공간 {}MB",
    "make room": "공간을 비우십시오",
    "run hol in a folder of your own": "내 폴더에서 hol을 실행하십시오",
    "this folder cannot be written to": "이 폴더에 쓸 수 없습니다",
    "the terminal cannot show Korean (encoding {})": "터미널이 한국어를 보여 줄 수 없습니다(인코딩 {})",
    "set {}, or choose English: {}": "{}을(를) 정하거나 영어를 고르십시오: {}",
    "the local AWS is not installed: {} missing": "로컬 AWS가 설치되어 있지 않습니다: {} 없음",
    "install it: {}": "설치하십시오: {}",
    "port {} is taken by another program": "포트 {}을(를) 다른 프로그램이 쓰고 있습니다",
    # hol/operate/policy.py
    "no resource is known for the action {}, so the policy cannot be narrowed": (
        "작업 {}에 해당하는 리소스를 알지 못해 정책을 좁힐 수 없습니다"
    ),
    # hol/operate/resources.py
    "the endpoint {} does not answer as BlazingText does": "엔드포인트 {}이(가) BlazingText처럼 답하지 않습니다",
    "name another endpoint: {}\n    or let hol create one, which is billed: {}": (
        "다른 엔드포인트를 알려 주십시오: {}\n    요금이 들지만 hol이 만들게 하려면: {}"
    ),
    "put it there; hol's own files lie in {}": "그 자리에 두십시오. hol이 가져온 파일은 다음 폴더에 있습니다: {}",
    "{} is not there": "{}이(가) 없습니다",
    # hol/operate/runtimes.py
    "choose another runtime: {}": "다른 런타임을 고르십시오: {}",
    "AWS has refused new functions with it since {}": "AWS는 {}부터 이 런타임의 새 함수를 거절합니다",
    "the runtime {} can no longer be created": "런타임 {}(으)로는 더 이상 만들 수 없습니다",
    "AWS refuses new functions with it from {}": "AWS는 {}부터 이 런타임의 새 함수를 거절할 예정입니다",
    "the runtime {} ends soon": "런타임 {}의 지원이 곧 끝납니다",
    # hol/cli/main.py and hol/cli/operating.py
    "Delete the endpoint after this time, for example 4h, whoever forgets it.": (
        "이 시간(예: 4h)이 지나면 잊고 있어도 엔드포인트를 삭제합니다."
    ),
    "Look whether hol up would work here, and change nothing.\n\nExit codes: 0 healthy, 4, 5 or 1 by the worst finding.": (
        "여기서 hol up이 될지 살펴보기만 하고 아무것도 바꾸지 않습니다.\n\n종료 코드: 문제가 없으면 0, 있으면 가장 심한 문제에 따라 4, 5, 1."
    ),
    "Print the smallest IAM policy that the lab, or one step, needs.\n\nExamples: hol policy · hol policy --step 3": (
        "실습 전체나 한 단계에 필요한 가장 작은 IAM 정책을 출력합니다.\n\n예: hol policy · hol policy --step 3"
    ),
    "Only what this step needs.": "이 단계에 필요한 것만 출력합니다.",
    "A permissions boundary for a class: the lab, and nothing else.": (
        "수업용 권한 경계: 이 실습만 할 수 있고 다른 것은 할 수 없습니다."
    ),
    "The account that it is for; default: the one of your credentials.": (
        "정책을 쓸 계정입니다. 기본값은 지금 자격 증명의 계정입니다."
    ),
    "Put off the time at which the endpoint is deleted.\n\nExample: hol extend 2h": (
        "엔드포인트가 삭제될 시각을 늦춥니다.\n\n예: hol extend 2h"
    ),
    "{} of {} characters that IAM allows in a policy": "IAM이 정책에 허용하는 {1}자 중 {0}자를 썼습니다",
    "nothing stands in the way of: {}": "막는 것이 없습니다. 실행할 수 있습니다: {}",
    "the lab cannot be made here as things stand; nothing was changed": (
        "지금 상태로는 여기에 실습을 만들 수 없습니다. 바꾼 것은 없습니다"
    ),
    "put right what stands above, then look at everything: {}": "위의 문제를 고친 뒤 전체를 살펴보십시오: {}",
    "the local AWS bills nothing": "로컬 AWS에는 요금이 없습니다",
    "the boundary is longer than IAM allows: {} characters": "권한 경계가 IAM이 허용하는 길이를 넘습니다: {}자",
    "a user or role has one permissions boundary, of at most {} characters": (
        "사용자나 역할의 권한 경계는 하나뿐이며 최대 {}자입니다"
    ),
    "shorten the names in config.yaml": "config.yaml의 이름을 줄이십시오",
    "these are {} policies: attach all of them": "정책이 {}개입니다. 모두 연결하십시오",
    "    why: {}": "    이유: {}",
    "    what to do: {}": "    할 일: {}",
}
