"""Korean for what hol says about AWS: its resources, its refusals, and what is waited for.

Part of the catalogue in `hol/words/korean.py`.
"""

from __future__ import annotations

AWS: dict[str, str] = {
    "{} is this lab's in the region {}": "{}: 리전 {}에 있는 이 실습의 것입니다",
    "IAM keeps one for all regions, and the lab there runs with it": (
        "IAM에는 모든 리전에 하나만 있고, 그 리전의 실습이 쓰고 있습니다"
    ),
    "take that lab down first: {}": "그 실습을 먼저 정리하십시오: {}",
    "it holds schedules that hol did not make: {}": "hol이 만들지 않은 일정이 들어 있습니다: {}",
    "move or delete them in the EventBridge console, then run: {}": (
        "EventBridge 콘솔에서 옮기거나 지운 다음 실행하십시오: {}"
    ),
    # hol/aws/apis.py
    "this lab has other deployed APIs too: {}; hol uses the oldest; to delete all of them: {}": (
        "이 실습의 배포된 API가 더 있습니다: {}. hol은 가장 오래된 것을 씁니다. 모두 지우려면: {}"
    ),
    "an undeployed twin, left by a lost answer or a second run": (
        "배포되지 않은 쌍둥이입니다. 응답이 유실되었거나 동시에 실행되어 생겼습니다"
    ),
    "tags of the API {}": "API {}의 태그",
    "endpoint type of the API {}": "API {}의 엔드포인트 유형",
    "API {}": "API {}",
    "API {} ({})": "API {} ({})",
    # hol/aws/buckets.py
    "the bucket {}": "버킷 {}",
    "the bucket name {} is taken": "버킷 이름 {}은(는) 이미 쓰이고 있습니다",
    "bucket names are unique in the whole world, and this one is another account's or another region's": (
        "버킷 이름은 전 세계에서 하나뿐이며, 이 이름은 다른 계정이나 다른 리전의 것입니다"
    ),
    "choose another: {}": "다른 이름을 고르십시오: {}",
    "tags of the bucket {}": "버킷 {}의 태그",
    "bucket {}": "버킷 {}",
    "object ownership of {}": "{}의 객체 소유권",
    "Block Public Access of {}": "{}의 퍼블릭 액세스 차단",
    "website": "웹 사이트",
    "static website hosting of {}": "{}의 정적 웹 사이트 호스팅",
    "unfinished upload of {}": "{}의 끝나지 않은 업로드",
    "it holds objects that hol did not upload: {}": "hol이 올리지 않은 객체가 들어 있습니다: {}",
    "move or delete them in the S3 console, then run again: {}": ("S3 콘솔에서 옮기거나 지운 뒤 다시 실행하십시오: {}"),
    "the bucket {} to be gone": "버킷 {} 삭제 완료",
    # hol/aws/endpoint_parts.py
    "endpoint configuration {}": "엔드포인트 구성 {}",
    "model {}": "모델 {}",
    # hol/aws/endpoints.py
    "there is no endpoint {} in {}": "{1} 리전에 엔드포인트 {0}이(가) 없습니다",
    "hol is set to use an existing endpoint, as the guide does": (
        "hol은 가이드처럼 이미 있는 엔드포인트를 쓰도록 설정되어 있습니다"
    ),
    "name yours: {}\n    or let hol create one, which is billed: {}": (
        "사용할 엔드포인트의 이름을 알려 주십시오: {}\n    요금이 들지만 hol이 만들게 하려면: {}"
    ),
    "endpoint {}": "엔드포인트 {}",
    "the endpoint {} is not in service but {}": "엔드포인트 {}의 상태가 InService가 아니라 {}입니다",
    "wait until it is InService, then run the same command again": (
        "InService가 될 때까지 기다린 뒤 같은 명령을 다시 실행하십시오"
    ),
    "AWS has no such instance free just now: try again later, or choose another one: {}\n    or a serverless endpoint: {}": (
        "지금은 AWS에 남은 인스턴스가 없습니다. 나중에 다시 해 보거나 다른 유형을 고르십시오: {}\n    서버리스 엔드포인트를 쓰려면: {}"
    ),
    "take it down and make it again: {}": "지우고 다시 만드십시오: {}",
    "it failed: {}": "실패했습니다: {}",
    "the endpoint {} could not be updated and still runs the old configuration": (
        "엔드포인트 {}을(를) 업데이트하지 못해 옛 구성으로 돌아가고 있습니다"
    ),
    "the endpoint {} to be in service (3 to 10 minutes on AWS)": "엔드포인트 {} 시작 (AWS에서는 3~10분)",
    "the endpoint {} to be gone": "엔드포인트 {} 삭제 완료",
    "the endpoint {}": "엔드포인트 {}",
    # hol/cloud/failures.py
    "a service control policy of the organization forbids it": "조직의 서비스 제어 정책(SCP)이 금지합니다",
    "a resource control policy of the organization forbids it": "조직의 리소스 제어 정책(RCP)이 금지합니다",
    "the permissions boundary does not allow it": "권한 경계가 허용하지 않습니다",
    "the session policy does not allow it": "세션 정책이 허용하지 않습니다",
    "a policy explicitly denies it": "어떤 정책이 명시적으로 거부합니다",
    "S3 Block Public Access forbids it": "S3 퍼블릭 액세스 차단이 금지합니다",
    "no policy of yours allows it": "이 작업을 허용하는 정책이 없습니다",
    "sign in again and run the same command: what is done is kept; with single sign-on: {}": (
        "다시 로그인한 뒤 같은 명령을 실행하십시오. 지금까지 한 일은 남아 있습니다. SSO를 쓴다면: {}"
    ),
    "could not {}": "{}에 실패했습니다",
    "the clock of this machine is wrong, AWS refuses its signatures": (
        "이 컴퓨터의 시계가 틀려서 AWS가 서명을 거절합니다"
    ),
    "set the clock and run the same command again": "시계를 맞춘 뒤 같은 명령을 다시 실행하십시오",
    "the credentials have expired": "자격 증명이 만료되었습니다",
    "the secret access key is wrong": "보안 액세스 키가 틀렸습니다",
    "sign in again; if the same credentials work in us-east-1, the region is not enabled for the account: choose another: {}": (
        "다시 로그인하십시오. 같은 자격 증명이 us-east-1에서 통한다면 이 리전이 계정에서 활성화되지 않은 것이므로 "
        "다른 리전을 고르십시오: {}"
    ),
    "AWS does not know these credentials": "AWS가 이 자격 증명을 알지 못합니다",
    "ask the account's owner whether public websites are allowed here; hol never changes the account's own setting": (
        "이 계정에서 웹 사이트를 공개해도 되는지 계정 관리자에게 물어보십시오. hol은 계정 자체의 설정을 절대 "
        "바꾸지 않습니다"
    ),
    "ask the account's owner for the action {}; then run the same command again": (
        "계정 관리자에게 {} 작업 권한을 요청한 뒤 같은 명령을 다시 실행하십시오"
    ),
    "ask the account's owner for the permission; then run the same command again": (
        "계정 관리자에게 권한을 요청한 뒤 같은 명령을 다시 실행하십시오"
    ),
    "not allowed to {}": "{} 권한이 없습니다",
    "delete what is no longer used, or ask for more in the Service Quotas console; then run the same command again": (
        "쓰지 않는 것을 지우거나 Service Quotas 콘솔에서 할당량 증가를 요청한 뒤 같은 명령을 다시 실행하십시오"
    ),
    "ask for more in the Service Quotas console, or choose another instance type: {}\n    or a serverless endpoint: {}": (
        "Service Quotas 콘솔에서 할당량 증가를 요청하거나 다른 인스턴스 유형을 고르십시오: {}\n    서버리스 엔드포인트를 쓰려면: {}"
    ),
    "a quota of the account does not let hol {}": "계정의 할당량 때문에 {}에 실패했습니다",
    "sign in first: {}\n    or, with single sign-on: {}\n    or try the lab without an account: {}": (
        "먼저 로그인하십시오: {}\n    SSO를 쓴다면: {}\n    계정 없이 실습해 보려면: {}"
    ),
    "there are no AWS credentials": "AWS 자격 증명이 없습니다",
    "the sign-in has expired": "로그인이 만료되었습니다",
    "there is no such profile": "그런 프로필이 없습니다",
    "choose another ({}): {}": "다른 것을 고르십시오({}): {}",
    "could not {}: what came is not AWS's answer": "{}에 실패했습니다: 받은 응답이 AWS의 응답이 아닙니다",
    "a proxy or a captive portal may stand between: sign in there, then run the same command again": (
        "중간에 프록시나 로그인 페이지가 있을 수 있습니다: 그곳에 먼저 로그인한 뒤 같은 명령을 다시 실행하십시오"
    ),
    "cannot tell whose the function {} is": "함수 {}의 주인을 알 수 없습니다",
    "API Gateway to list the API {}": "API Gateway 목록에 API {}이(가) 보이는 것",
    "S3 to list all objects of {}": "S3 목록에 {}의 모든 객체가 보이는 것",
    "could not {}: AWS did not answer": "{}에 실패했습니다: AWS가 응답하지 않았습니다",
    "check the network and the region, then run the same command again": (
        "네트워크와 리전을 확인한 뒤 같은 명령을 다시 실행하십시오"
    ),
    "ask AWS who is asking, in {}": "{} 리전에서 AWS 신원 확인",
    # hol/aws/functions.py
    "the function {}": "함수 {}",
    "its role was deleted and made again, which it cannot follow": (
        "역할이 지워졌다가 다시 만들어져서, 함수가 그대로는 쓸 수 없습니다"
    ),
    "function {}": "함수 {}",
    "run: {}": "다음을 실행하십시오: {}",
    "Lambda could not set up the function {}": "Lambda가 함수 {}을(를) 준비하지 못했습니다",
    "the function {} to become active": "함수 {} 활성화",
    "settings of the function {}": "함수 {}의 구성",
    "code of the function {}": "함수 {}의 코드",
    "the package differs": "배포 패키지가 다릅니다",
    "tags of the function {}": "함수 {}의 태그",
    "reserved concurrency of the function {}": "함수 {}의 예약된 동시성",
    "invoke permission {}": "호출 권한 {}",
    "it is for an API that is gone": "이미 없어진 API를 위한 것입니다",
    "invoke permission for API Gateway": "API Gateway의 호출 권한",
    "the function {} to be gone": "함수 {} 삭제 완료",
    # hol/aws/images.py
    "SageMaker has no BlazingText in {}": "{} 리전에는 SageMaker BlazingText가 없습니다",
    "choose a region that has it, for example: {}": "BlazingText가 있는 리전을 고르십시오. 예: {}",
    # hol/aws/logs.py
    "it was there before and is not this lab's; the function writes to it, hol leaves it alone": (
        "전부터 있던 것이고 이 실습의 것이 아닙니다. 함수는 여기에 로그를 쓰지만 hol은 그대로 둡니다"
    ),
    "tags of the log group {}": "로그 그룹 {}의 태그",
    "retention of the log group {}": "로그 그룹 {}의 보존 기간",
    "{} days": "{}일",
    "it is not this lab's; hol leaves it alone": "이 실습의 것이 아니므로 hol은 그대로 둡니다",
    "log group {}": "로그 그룹 {}",
    # hol/aws/managed.py
    "the policy {}": "정책 {}",
    "attachment of the policy {}": "정책 {}의 연결",
    "tags of the policy {}": "정책 {}의 태그",
    "version {} of the policy {}": "정책 {1}의 버전 {0}",
    "managed policy {}": "관리형 정책 {}",
    # hol/aws/methods.py
    "headers of the method response {} of {}": "{1}의 메서드 응답 {0}의 헤더",
    "headers of the integration response {} of {}": "{1}의 통합 응답 {0}의 헤더",
    "method {} on /": "/의 {} 메서드",
    "no authorization and no API key": "권한 부여와 API 키 없이",
    "method response {} of {}": "{1}의 메서드 응답 {0}",
    "{} is missing": "{}이(가) 없습니다",
    "integration of {}": "{}의 통합 요청",
    "{} differs": "{}이(가) 다릅니다",
    "integration response {} of {}": "{1}의 통합 응답 {0}",
    "gateway response {}": "게이트웨이 응답 {}",
    # hol/aws/objects.py
    "Contents": "차례",
    "somebody else uploaded it to {}; hol leaves it alone": "다른 사람이 {}에 올린 것이므로 hol은 그대로 둡니다",
    "object {}": "객체 {}",
    "{} files": "파일 {}개",
    "1 file": "파일 1개",
    "1 object of {}": "{}의 객체 1개",
    "objects that the site no longer has": "사이트에 더 이상 없는 객체",
    "public objects of {}": "{}의 퍼블릭 객체",
    "public access to objects of {}": "{}의 객체에 대한 퍼블릭 액세스",
    "{} objects of {}": "{1}의 객체 {0}개",
    "could not delete {} objects of {}": "{1}의 객체 {0}개를 지우지 못했습니다",
    "run the same command again: what is done is kept": "같은 명령을 다시 실행하십시오. 지금까지 한 일은 남아 있습니다",
    "run the same command again": "같은 명령을 다시 실행하십시오",
    # hol/aws/roles.py
    "the role {}": "역할 {}",
    "trust policy of the role {}": "역할 {}의 신뢰 정책",
    "only {} may assume it": "{}만 이 역할을 맡을 수 있습니다",
    "tags of the role {}": "역할 {}의 태그",
    "role {}": "역할 {}",
    "IAM to show the role {}": "IAM에 역할 {}이(가) 보이는 것",
    "inline policy {}": "인라인 정책 {}",
    "it has inline policies that hol did not make: {}": "hol이 만들지 않은 인라인 정책이 있습니다: {}",
    "delete them in the IAM console, then run again: {}": "IAM 콘솔에서 지운 뒤 다시 실행하십시오: {}",
    "policy {}": "정책 {}",
    "somebody attached it to the role {}; hol detaches it and leaves the policy itself alone": (
        "누군가 역할 {}에 연결했습니다. hol은 연결만 풀고 정책은 그대로 둡니다"
    ),
    "instance profile {}": "인스턴스 프로파일 {}",
    "somebody put the role {} into it; hol takes it out and leaves the profile alone": (
        "누군가 역할 {}을(를) 여기에 넣었습니다. hol은 역할만 빼고 프로파일은 그대로 둡니다"
    ),
    "role {} in the instance profile {}": "인스턴스 프로파일 {1}에 든 역할 {0}",
    # hol/aws/schedules.py
    "the schedule group {}": "일정 그룹 {}",
    "no dead-man's switch is set": "자동 삭제 예약이 걸려 있지 않습니다",
    "there is no schedule {}, or it has fired already": "일정 {}이(가) 없거나 이미 실행되었습니다",
    "set one: {}": "다음으로 걸 수 있습니다: {}",
    "the schedule group {} to be gone": "일정 그룹 {} 삭제 완료",
    "schedule group {}": "일정 그룹 {}",
    "tags of the schedule group {}": "일정 그룹 {}의 태그",
    "deletes the endpoint at {} UTC": "{} UTC에 엔드포인트를 지웁니다",
    "dead-man's switch {}": "자동 삭제 예약 {}",
    "{} is not a time such as {}": "{}은(는) 시간이 아닙니다. 예: {}",
    # hol/cloud/session.py
    "AWS did not say who is asking": "AWS가 누구인지 알려 주지 않았습니다",
    "check the profile: {}": "프로필을 확인하십시오: {}",
    # hol/aws/stages.py
    "settings of the stage {}": "스테이지 {}의 설정",
    "former deployment {}": "이전 배포 {}",
    "deployment {}": "배포 {}",
    "stage {}": "스테이지 {}",
    "the methods have changed since the last deployment, or it was made by hand": (
        "마지막 배포 뒤에 메서드가 바뀌었거나 손으로 배포한 것입니다"
    ),
    "deployment to {}": "{} 스테이지에 배포",
    # hol/cloud/retry.py
    "the new role to become usable": "새 역할이 쓸 수 있게 되는 것",
    "AWS to finish another change of the same resource": "같은 리소스의 다른 변경이 끝나는 것",
    "the API Gateway quota": "API Gateway 할당량",
    "AWS to see what was just created": "방금 만든 것이 AWS 전체에 보이는 것",
    "IAM to see what was just detached": "방금 연결을 푼 것이 IAM 전체에 보이는 것",
    "S3 to finish with the bucket's name": "S3가 버킷 이름을 정리하는 것",
    "the bucket's new access settings to take effect": "버킷의 새 액세스 설정이 적용되는 것",
    "the endpoint to finish what it is doing": "엔드포인트가 하던 일을 끝내는 것",
    "AWS to accept more calls": "AWS가 호출을 더 받아 주는 것",
    "AWS to answer again": "AWS가 다시 응답하는 것",
    "the connection": "연결",
    "could not use the file {}": "파일 {}을(를) 쓸 수 없습니다",
    "if another hol runs in this folder, let it end; then run the same command again": (
        "이 폴더에서 다른 hol이 실행 중이면 끝나기를 기다린 뒤 같은 명령을 다시 실행하십시오"
    ),
}
