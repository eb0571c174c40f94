"""Korean for the grading of work that was done by hand: what is wrong, and the way to mend it in the console.

Part of the catalogue in `hol/words/korean.py`. Console paths are in the console's own Korean words.
"""

from __future__ import annotations

TEACH: dict[str, str] = {
    # hol/teach/grade/check.py
    "wrong: {}; to let hol mend it: {}": "{}가지가 틀렸습니다. hol이 고치게 하려면: {}",
    "right": "맞습니다",
    "    to mend it: {}": "    고치려면: {}",
    "as in the guide": "가이드와 같음",
    "{} of {} things": "{1}가지 가운데 {0}가지",
    # hol/teach/grade/access.py
    "its status is {}, not InService": "상태가 InService가 아니라 {}입니다",
    "there is no such endpoint in {}": "{} 리전에 그런 엔드포인트가 없습니다",
    "SageMaker AI → Inference → Endpoints: compare the name and the region; to make it: {}": (
        "SageMaker AI → 추론 → 엔드포인트: 이름과 리전을 견주어 보십시오. 만들려면: {}"
    ),
    "IAM → Roles → Create role → AWS service → Lambda, with exactly this name": (
        "IAM → 역할 → 역할 생성 → AWS 서비스 → Lambda, 이름은 정확히 이대로"
    ),
    "there is no such role": "그런 역할이 없습니다",
    "trust policy of the role": "역할의 신뢰 정책",
    "nobody": "아무도 아님",
    "it trusts {}, not lambda.amazonaws.com": "lambda.amazonaws.com이 아니라 {}을(를) 신뢰합니다",
    "IAM → the role → Trust relationships → Edit trust policy: set the Service to lambda.amazonaws.com": (
        "IAM → 이 역할 → 신뢰 관계 → 신뢰 정책 편집: Service를 lambda.amazonaws.com으로 바꾸십시오"
    ),
    "permission to write logs": "로그를 쓸 권한",
    "no policy of the role allows logs:CreateLogStream and logs:PutLogEvents": (
        "역할의 어떤 정책도 logs:CreateLogStream과 logs:PutLogEvents를 허용하지 않습니다"
    ),
    "IAM → the role → Add permissions → Attach policies → {}": "IAM → 이 역할 → 권한 추가 → 정책 연결 → {}",
    "its role is missing": "역할이 없습니다",
    "first: {}": "먼저: {}",
    "the role has another inline policy, but not this one: {}": "역할에 이 인라인 정책이 없고 다른 것만 있습니다: {}",
    "the role has no inline policy": "역할에 인라인 정책이 없습니다",
    "IAM → the role → Add permissions → Create inline policy, with exactly this name": (
        "IAM → 이 역할 → 권한 추가 → 인라인 정책 생성, 이름은 정확히 이대로"
    ),
    "permission {}": "권한 {}",
    "a statement denies it": "거부하는 문이 있습니다",
    "the policy does not allow it but: {}": "정책이 이것은 허용하지 않고 다음만 허용합니다: {}",
    "its resource is {}, which does not match {}: {}": "리소스가 {}(이)라서 {}와(과) 맞지 않습니다: {}",
    "IAM → the role → the policy → Edit: action {}, resource {}": (
        "IAM → 이 역할 → 이 정책 → 편집: 작업 {}, 리소스 {}"
    ),
    "partition": "파티션",
    "endpoint name": "엔드포인트 이름",
    "it is no ARN": "ARN이 아닙니다",
    "{} {} instead of {}": "{0}이(가) {2}이(가) 아니라 {1}",
    # hol/teach/grade/api.py
    "API Gateway → the API → Resources": "API Gateway → 이 API → 리소스",
    "API Gateway → Create API → REST API → Build, with exactly this name, in the region {}": (
        "API Gateway → API 생성 → REST API → 구축, 이름은 정확히 이대로, 리전은 {}"
    ),
    "there is no such REST API in {}": "{} 리전에 그런 REST API가 없습니다",
    "there are {} of that name; looked at is {}": "같은 이름이 {0}개 있습니다. {1}을(를) 살펴봅니다",
    "somebody else has one of that name too, which is not looked at: {}": (
        "다른 사람도 같은 이름의 것을 가지고 있습니다. 그것은 살펴보지 않습니다: {}"
    ),
    "delete those that you do not use": "쓰지 않는 것을 지우십시오",
    "API endpoint type": "API 엔드포인트 유형",
    "API Gateway → the API → API settings → Edit → API endpoint type: Regional": (
        "API Gateway → 이 API → API 설정 → 편집 → API 엔드포인트 유형: 지역"
    ),
    "{}: select /, Create method, POST": "{}: /를 선택하고 메서드 생성, POST",
    "method POST on /": "/의 POST 메서드",
    "authorization of POST": "POST의 권한 부여",
    "an API key": "API 키",
    "it wants {}": "{}을(를) 요구합니다",
    "{} → POST → Method request → Edit: Authorization NONE, no API key": (
        "{} → POST → 메서드 요청 → 편집: 권한 부여 NONE, API 키 필요 없음"
    ),
    "/ has {} instead": "/에 대신 {}이(가) 있습니다",
    "POST is on {}, not on /": "POST가 /가 아니라 {}에 있습니다",
    "/ has no method": "/에 메서드가 없습니다",
    "{} → POST → Integration request → Edit": "{} → POST → 통합 요청 → 편집",
    "Lambda proxy integration is ticked": "Lambda 프록시 통합이 켜져 있습니다",
    "its type is {}, not Lambda function": "유형이 Lambda 함수가 아니라 {}입니다",
    "{}: Lambda function, Lambda proxy integration off; then deploy again": (
        "{}: Lambda 함수, Lambda 프록시 통합 끔. 이어서 다시 배포하십시오"
    ),
    "integration of POST": "POST의 통합 요청",
    "function of the integration": "통합의 Lambda 함수",
    "{}: Lambda region {}, Lambda function {}": "{}: Lambda 리전 {}, Lambda 함수 {}",
    "HTTP method of the integration": "통합의 HTTP 메서드",
    "it is {}, but functions are always invoked with POST": "{}이지만, 함수는 언제나 POST로 호출합니다",
    "{}: HTTP method POST": "{}: HTTP 메서드 POST",
    "it is {} s, shorter than the function's {} s": "{}초라서 함수의 {}초보다 짧습니다",
    "{}: default timeout": "{}: 기본 제한 시간",
    "integration timeout": "통합 제한 시간",
    "its region is {}, not {}": "리전이 {1}이(가) 아니라 {0}입니다",
    "its account is {}, not {}": "계정이 {1}이(가) 아니라 {0}입니다",
    "it is {}, not {}": "{1}이(가) 아니라 {0}입니다",
    "it is {}": "{}입니다",
    "method response 200 of POST": "POST의 메서드 응답 200",
    "it is missing": "없습니다",
    "{} → POST → Method response → Create response: 200, model Empty": (
        "{} → POST → 메서드 응답 → 응답 생성: 200, 모델 Empty"
    ),
    "integration response 200 of POST": "POST의 통합 응답 200",
    "it is only for answers that match {}": "{}에 맞는 답에만 쓰입니다",
    "{} → POST → Integration response: 200 as the default, without a regex": (
        "{} → POST → 통합 응답: 200을 정규식 없는 기본값으로"
    ),
    "nobody allowed API Gateway to invoke the function: it answers 500": (
        "API Gateway에 함수 호출 권한을 준 적이 없어 500으로 답합니다"
    ),
    "it is for {}, not for this API ({})": "이 API({1})가 아니라 {0}을(를) 위한 것입니다",
    "{} → POST → Integration request → Edit → Save asks for it again; or: {}": (
        "{} → POST → 통합 요청 → 편집 → 저장을 누르면 다시 물어봅니다. 또는: {}"
    ),
    # hol/teach/grade/cors.py
    "API Gateway → the API → Resources → / → Enable CORS: tick POST, Save; then deploy again": (
        "API Gateway → 이 API → 리소스 → / → CORS 활성화: POST에 체크하고 저장. 이어서 다시 배포하십시오"
    ),
    "the API is missing": "API가 없습니다",
    "method OPTIONS on /": "/의 OPTIONS 메서드",
    "its type is {}, not MOCK": "유형이 MOCK이 아니라 {}입니다",
    "its template does not say {}": "템플릿에 {}이(가) 없습니다",
    "integration of OPTIONS": "OPTIONS의 통합 요청",
    "the preflight question carries no credentials, so it must not want any": (
        "사전 요청에는 자격 증명이 없으므로 요구하면 안 됩니다"
    ),
    "authorization of OPTIONS": "OPTIONS의 권한 부여",
    "header {} of {}": "{1}의 헤더 {0}",
    "the method response 200 does not have it": "메서드 응답 200에 없습니다",
    "the integration response 200 does not set it": "통합 응답 200이 값을 정하지 않습니다",
    "its value {} lacks the single quotes": "값 {}에 작은따옴표가 없습니다",
    "it is {}, so the page of {} may not call": "{}(이)라서 {}의 페이지는 부를 수 없습니다",
    "it is {}: {} is missing": "{}입니다. {}이(가) 없습니다",
    "the stage is called {}": "스테이지의 이름이 {}입니다",
    "the API has never been deployed": "API를 배포한 적이 없습니다",
    "API Gateway → the API → Resources → Deploy API → New stage: {}": (
        "API Gateway → 이 API → 리소스 → API 배포 → 새 스테이지: {}"
    ),
    "API Gateway → the API → Stages → Edit → Throttling": "API Gateway → 이 API → 스테이지 → 편집 → 조절",
    "the rate is 0: every call answers 429": "요율이 0이라서 모든 호출이 429로 답합니다",
    "throttling": "조절",
    "{} answers otherwise than it is configured: it was changed after the deployment": (
        "{}의 답이 설정과 다릅니다: 배포한 뒤에 바뀌었습니다"
    ),
    "API Gateway → the API → Resources → Deploy API → Stage: {}": (
        "API Gateway → 이 API → 리소스 → API 배포 → 스테이지: {}"
    ),
    "deployment": "배포",
    # hol/teach/grade/function.py
    "Lambda → the function → Code: paste the code again, then Deploy": (
        "Lambda → 이 함수 → 코드: 코드를 다시 붙여 넣고 Deploy"
    ),
    "Lambda → Create function, with exactly this name, in the region {}": (
        "Lambda → 함수 생성, 이름은 정확히 이대로, 리전은 {}"
    ),
    "there is no such function in {}": "{} 리전에 그런 함수가 없습니다",
    "runtime": "런타임",
    "Lambda → the function → Code → Runtime settings → Edit: {}": "Lambda → 이 함수 → 코드 → 런타임 설정 → 편집: {}",
    "it is {} seconds, not {}": "{1}초가 아니라 {0}초입니다",
    "Lambda → the function → Configuration → General configuration → Edit → Timeout": (
        "Lambda → 이 함수 → 구성 → 일반 구성 → 편집 → 제한 시간"
    ),
    "execution role": "실행 역할",
    "Lambda → the function → Configuration → Permissions → Edit → Existing role": (
        "Lambda → 이 함수 → 구성 → 권한 → 편집 → 기존 역할"
    ),
    "concurrency": "동시성",
    "0 executions are reserved, so the function never runs": "예약된 동시성이 0이라서 함수가 절대 실행되지 않습니다",
    "Lambda → the function → Configuration → Concurrency → Edit: Use unreserved account concurrency": (
        "Lambda → 이 함수 → 구성 → 동시성 → 편집: 예약되지 않은 계정 동시성 사용"
    ),
    "it is {}, but the code has: {}": "{}이지만 코드에는 다음이 있습니다: {}",
    "Lambda → the function → Code → Runtime settings → Edit → Handler: file.function, such as {}": (
        "Lambda → 이 함수 → 코드 → 런타임 설정 → 편집 → 핸들러: 파일.함수, 예: {}"
    ),
    "it does not ask the endpoint: not pasted, or not deployed": (
        "엔드포인트를 부르지 않습니다. 코드를 붙여 넣지 않았거나 Deploy하지 않았습니다"
    ),
    "endpoint name in the function": "함수에 적힌 엔드포인트 이름",
    "it is “{}”, not “{}”": "“{1}”이(가) 아니라 “{0}”입니다",
    "it is nowhere: neither in ENDPOINT_NAME nor in the code": "ENDPOINT_NAME에도 코드에도 없습니다",
    "Lambda → the function → Configuration → Environment variables → Edit: {} = {}": (
        "Lambda → 이 함수 → 구성 → 환경 변수 → 편집: {} = {}"
    ),
    "the event must look like this: {}": "이벤트는 이런 모양이어야 합니다: {}",
    "test event myTestEvent": "테스트 이벤트 myTestEvent",
    "it is no JSON: {}": "JSON이 아닙니다: {}",
    "it has no list “{}” but: {}": "목록 “{}”이(가) 없고 다음이 있습니다: {}",
    "a sentence has no text “{}” but: {}": "어떤 문장에 “{}” 글이 없고 다음이 있습니다: {}",
    "answer to the test event": "테스트 이벤트의 답",
    "it cannot be invoked: {}": "호출할 수 없습니다: {}",
    "it is not two labels: {}": "레이블 두 개가 아닙니다: {}",
    "it fails: {}": "실패합니다: {}",
    "the role may not ask the endpoint; look at it: {}": "역할에 엔드포인트를 부를 권한이 없습니다. 다음을 보십시오: {}",
    "code and event use different keys: the event has sentences and query": (
        "코드와 이벤트의 키가 다릅니다. 이벤트의 키는 sentences와 query입니다"
    ),
    "the endpoint's name is wrong or it is not in service; look at it: {}": (
        "엔드포인트 이름이 틀렸거나 InService가 아닙니다. 다음을 보십시오: {}"
    ),
    "the timeout is too short: see above": "제한 시간이 너무 짧습니다. 위를 보십시오",
    "the handler names a file or function that the code does not have": (
        "핸들러가 코드에 없는 파일이나 함수를 가리킵니다"
    ),
    # hol/teach/grade/site.py
    "S3 → the bucket → Permissions": "S3 → 이 버킷 → 권한",
    "S3 → the bucket → Upload: drag what is inside the site folder here, its folder lib too": (
        "S3 → 이 버킷 → 업로드: 사이트 폴더 안의 것을 lib 폴더까지 끌어다 놓으십시오"
    ),
    "there is no such folder beside config.yaml": "config.yaml 옆에 그런 폴더가 없습니다",
    "it has no apigClient.js": "apigClient.js가 없습니다",
    "the SDK is one folder too deep: {}": "SDK가 한 폴더 더 깊이 들어 있습니다: {}",
    "unzip the SDK and put apigClient.js, lib and the pages directly into the folder {}": (
        "SDK를 풀어 apigClient.js, lib, 페이지를 {} 폴더 바로 아래에 두십시오"
    ),
    "files of the site": "사이트의 파일",
    "API of the SDK": "SDK의 API",
    "the SDK calls {}, not {}": "SDK가 {1}이(가) 아니라 {0}을(를) 부릅니다",
    "API Gateway → the API → Stages → {} → Stage actions → Generate SDK → JavaScript": (
        "API Gateway → 이 API → 스테이지 → {} → 스테이지 작업 → SDK 생성 → JavaScript"
    ),
    "delete it and make it again in {}": "지우고 {}에 다시 만드십시오",
    "it is in the region {}, not {}": "{1}이(가) 아니라 {0} 리전에 있습니다",
    "there is no such bucket": "그런 버킷이 없습니다",
    "S3 → Create bucket, with exactly this name, in the region {}": (
        "S3 → 버킷 만들기, 이름은 정확히 이대로, 리전은 {}"
    ),
    "Block Public Access of the bucket": "버킷의 퍼블릭 액세스 차단",
    "it is on: {}": "켜져 있습니다: {}",
    "{} → Block public access → Edit: untick Block all public access": (
        "{} → 퍼블릭 액세스 차단 → 편집: 모든 퍼블릭 액세스 차단의 체크를 푸십시오"
    ),
    "object ownership of the bucket": "버킷의 객체 소유권",
    "ACLs are disabled ({}), so nothing can be made public with them": (
        "ACL이 꺼져 있어({}) ACL로는 아무것도 공개할 수 없습니다"
    ),
    "{} → Object Ownership → Edit: ACLs enabled, Object writer": "{} → 객체 소유권 → 편집: ACL 활성화됨, 객체 작성자",
    "S3 → the bucket → Properties → Static website hosting → Edit": (
        "S3 → 이 버킷 → 속성 → 정적 웹 사이트 호스팅 → 편집"
    ),
    "it redirects all requests": "모든 요청을 리디렉션합니다",
    "it is off": "꺼져 있습니다",
    "{}: Enable": "{}: 활성화",
    "static website hosting": "정적 웹 사이트 호스팅",
    "index document": "인덱스 문서",
    "error document": "오류 문서",
    "uploaded files": "올린 파일",
    "S3 → the object → Properties → Metadata → Edit → Content-Type; or upload it again": (
        "S3 → 이 객체 → 속성 → 메타데이터 → 편집 → Content-Type. 또는 다시 올리십시오"
    ),
    "content types": "콘텐츠 유형",
    "wrong: {}": "틀린 것: {}",
    "content encodings": "콘텐츠 인코딩",
    "contents": "내용",
    "the folder has other versions of: {}": "폴더의 것과 내용이 다릅니다: {}",
    "they are in a folder: {}; they belong at the top": "{} 폴더 안에 있습니다. 맨 위에 있어야 합니다",
    "the folder lib is missing, or part of it: {}": "lib 폴더의 전부나 일부가 없습니다: {}",
    "missing: {}": "없는 것: {}",
    "public objects": "퍼블릭 객체",
    "{} of {} are private: {}": "{1}개 가운데 {0}개가 비공개입니다: {2}",
    "nothing is uploaded": "올린 것이 없습니다",
    "S3 → the bucket → Objects: select all, Actions → Make public using ACL": (
        "S3 → 이 버킷 → 객체: 모두 선택, 작업 → ACL을 사용하여 퍼블릭으로 설정"
    ),
    "403: something is private or blocked (also in the account's own Block Public Access); 404: the index document": (
        "403: 무엇이 비공개이거나 차단되었습니다(계정의 퍼블릭 액세스 차단도 보십시오). 404: 인덱스 문서를 보십시오"
    ),
    # hol/teach/adopt.py
    "hol's own takes its place: {}": "hol의 것이 그 자리를 대신합니다: {}",
    "marks of {} objects of {}": "버킷 {1}의 객체 {0}개의 표시",
    "it is the lab {}'s; hol leaves it alone": "실습 {}의 것이므로 hol은 그대로 둡니다",
    "somebody else uses it too; hol leaves it alone": "다른 곳에서도 쓰고 있으므로 hol은 그대로 둡니다",
    "there are several of that name; delete those that you do not use": (
        "같은 이름이 여러 개 있습니다. 쓰지 않는 것을 지우십시오"
    ),
    "objects of {}": "버킷 {}의 객체",
    # hol/teach/adopt_endpoint.py
    "it is billed and stays whoever's it is; to take it over too: {}": (
        "요금이 나오며, 지금 주인의 것으로 둡니다. 함께 넘겨받으려면: {}"
    ),
    "the model uses it, but the configuration names another; it stays yours": (
        "모델이 쓰지만 설정에는 다른 이름이 있으므로, 직접 만든 그대로 둡니다"
    ),
    "tags of the {}": "{}의 태그",
    "marks of the model archive {}": "모델 파일 {}의 표시",
    # hol/cli/teaching.py
    "--output {}: this is not a path": "--output {}: 경로가 아닙니다",
    "there is no folder {}": "{} 폴더가 없습니다",
    "there is nothing to take over": "넘겨받을 것이 없습니다",
    "take these over, so that the clean-up deletes them too?": "이것들을 넘겨받아 정리할 때 함께 지우게 할까요?",
    "not taken over": "넘겨받지 않습니다",
}
