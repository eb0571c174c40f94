"""Korean for the configuration's complaints, the project and the local AWS.

Part of the catalogue in `hol/words/korean.py`. A complaint reads `config.yaml: key: value: what it must be`.
"""

from __future__ import annotations

CONFIG: dict[str, str] = {
    # hol/config/files.py
    "this folder has one of its own, and needs no --config: {}": "이 폴더에 하나 있으므로 --config가 필요 없습니다: {}",
    "write one into this folder, which then needs no --config: {}": ("이 폴더에 만들면 --config가 필요 없습니다: {}"),
    "there is no file {}": "{} 파일이 없습니다",
    "account": "계정",
    "region": "리전",
    "{} cannot be read": "{}을(를) 읽을 수 없습니다",
    "{}, line {}, column {}": "{}, {}행 {}열",
    "{}: hol cannot take this YAML": "{}: hol이 받을 수 없는 YAML입니다",
    "mend or remove it: hol does not go on with the names of another lab": (
        "고치거나 지우십시오. hol은 다른 실습의 이름으로 계속하지 않습니다"
    ),
    "--set {}: it has the hidden character {}": "--set {}: 보이지 않는 문자 {}이(가) 들어 있습니다",
    "has the hidden character {}": "보이지 않는 문자 {}이(가) 들어 있습니다",
    "the folder that hol was started in cannot be used": "hol을 실행한 폴더를 쓸 수 없습니다",
    "change into a folder that is there": "있는 폴더로 옮겨 가십시오",
    "it is not UTF-8: byte {} of it": "UTF-8이 아닙니다({}번째 바이트)",
    # hol/config/disk.py
    "the disk is full": "디스크가 가득 찼습니다",
    "it would be larger than this session may write (ulimit -f)": (
        "이 세션이 쓸 수 있는 파일 크기(ulimit -f)를 넘습니다"
    ),
    "the disk can only be read": "읽기만 할 수 있는 디스크입니다",
    "you may not use it": "쓸 권한이 없습니다",
    "it, or the folder that it is in, is not there": "그 파일이나 그것이 들어 있는 폴더가 없습니다",
    "what should be a folder on the way to it is a file": "경로에서 폴더여야 할 것이 파일입니다",
    "it is a folder": "폴더입니다",
    "it is a link that leads in a circle": "제자리로 돌아오는 링크입니다",
    "its name is too long": "이름이 너무 깁니다",
    "the disk or the terminal fails": "디스크나 터미널이 고장 났습니다",
    "it is no file that can be read": "읽을 수 있는 파일이 아닙니다",
    "make room, then run the same command again": "공간을 비우고 같은 명령을 다시 실행하십시오",
    "run hol in a folder of your own, or change the permissions of this one": (
        "자신의 폴더에서 hol을 실행하거나 이 폴더의 권한을 바꾸십시오"
    ),
    "raise the limit, then run the same command again": "제한을 올리고 같은 명령을 다시 실행하십시오",
    "look at it, then run the same command again": "살펴본 뒤 같은 명령을 다시 실행하십시오",
    "it is larger than {} bytes": "{}바이트보다 큽니다",
    "it is no ordinary file (a pipe, a socket or a device)": "보통 파일이 아닙니다(파이프, 소켓 또는 장치)",
    "{}: {} is no file": "{}: {}은(는) 파일이 아닙니다",
    "{}: {} is no folder": "{}: {}은(는) 폴더가 아닙니다",
    "{}: {} holds your own folder": "{}: {} 안에 자신의 폴더가 있습니다",
    "everything in it would be uploaded": "그 안의 모든 것이 업로드됩니다",
    "name a folder for this alone": "이것만을 위한 폴더를 정하십시오",
    "{}: {} holds more than {} MB or {} files": "{}: {}에 든 것이 {}MB나 파일 {}개를 넘습니다",
    # hol/config/strict_yaml.py
    "it has the hidden character {}": "보이지 않는 문자 {}이(가) 있습니다",
    "references (*{}) are not taken; write the value out": "참조(*{})는 쓸 수 없습니다. 값을 그대로 쓰십시오",
    "tags ({}) are not taken": "YAML 태그({})는 쓸 수 없습니다",
    "it is nested too deeply": "너무 깊이 겹쳐 있습니다",
    "the key {} is not text": "키 {}이(가) 글이 아닙니다",
    "the key {} stands there twice": "키 {}이(가) 두 번 나옵니다",
    "there is more than one document (---)": "문서가 둘 이상입니다(---)",
    "{}: the file is not a list of keys and values": "{}: 키와 값으로 된 파일이 아닙니다",
    "for example: {}": "예: {}",
    "--set {}: this is not key=value": "--set {}: key=value 모양이 아닙니다",
    "the known keys stand in: {}": "쓸 수 있는 키는 다음 파일에 있습니다: {}",
    "{}: {}: {} is not a section with keys of its own": "{}: {}: {}은(는) 그 아래에 키를 둔 구역이 아닙니다",
    "{}: {} is not a known key; did you mean {}?": "{}: {}은(는) 모르는 키입니다. 혹시 {}입니까?",
    "{}: {} is not a known key (known here: {})": "{}: {}은(는) 모르는 키입니다 (여기서 쓸 수 있는 키: {})",
    "{}: {}: {} {}": "{}: {}: {}: {}",
    # hol/local/server/app.py
    "code": "코드",
    "service": "서비스",
    # hol/cli/local.py
    "the local AWS was stopped": "로컬 AWS를 멈추었습니다",
    "the local AWS does not run": "로컬 AWS가 켜져 있지 않습니다",
    "it runs: hol {}, process {}": "켜져 있습니다: hol {}, 프로세스 {}",
    "there is no log yet: {}": "아직 로그가 없습니다: {}",
    "another hol works with it": "다른 hol이 쓰고 있습니다",
    "the local AWS goes on running: {}": "로컬 AWS는 계속 켜져 있습니다: {}",
    "the local AWS is empty and was stopped": "로컬 AWS가 비어서 멈추었습니다",
    # hol/local/emulator/core.py
    "error": "오류",
    # hol/local/emulator/buckets.py
    "prefix": "접두사",
    # hol/local/emulator/functions.py
    "handler": "핸들러",
    # hol/local/functions.py
    "timeout": "제한 시간",
    # hol/local/gateway/control.py
    "resource": "리소스",
    # hol/local/life/port.py
    "the local AWS on port {} does not answer": "포트 {}의 로컬 AWS가 응답하지 않습니다",
    "its process {} was silent for {} seconds: stopped, or too busy": (
        "프로세스 {}이(가) {}초 동안 응답하지 않았습니다. 멈추어 있거나 너무 바쁩니다"
    ),
    "try again in a moment; or end it, with all that is in it: {}": (
        "잠시 뒤에 다시 해 보십시오. 그 안의 모든 것과 함께 끝내려면: {}"
    ),
    "choose another port: {}": "다른 포트를 고르십시오: {}",
    "port {} is used by another program": "포트 {}을(를) 다른 프로그램이 쓰고 있습니다",
    "something listens there, and does not answer as the local AWS does": (
        "그 포트를 쓰는 프로그램이 로컬 AWS처럼 응답하지 않습니다"
    ),
    # hol/local/life/process.py
    "the local AWS on port {} does not end": "포트 {}의 로컬 AWS가 끝나지 않습니다",
    "it did not say whether it is empty ({})": "비어 있는지 답하지 않았습니다 ({})",
    "it is hol {}, which does not say whether it is empty ({})": "비어 있는지 답하지 못하는 hol {}입니다 ({})",
    "it is answering somebody": "누군가의 요청에 답하고 있습니다",
    "it still holds {}": "아직 남아 있는 것: {}",
    "the local AWS is not installed": "로컬 AWS가 설치되어 있지 않습니다",
    "the local AWS did not answer on port {}": "로컬 AWS가 포트 {}에서 응답하지 않았습니다",
    "the local AWS stopped while starting": "로컬 AWS가 시작하다가 멈추었습니다",
    "its last words: {}": "마지막으로 남긴 말: {}",
    "read its log: {}": "로그를 읽어 보십시오: {}",
    # hol/local/life/state.py
    "cannot start the local AWS: {}": "로컬 AWS를 시작할 수 없습니다: {}",
    "set HOL_STATE_DIR to a folder that can be written": "HOL_STATE_DIR을 쓸 수 있는 폴더로 정하십시오",
    # hol/cli/project.py
    "there is no step {}": "{}단계는 없습니다",
    "the steps are {} to {}": "단계는 {}부터 {}까지입니다",
    "the local AWS does not run, so there is nothing in it": (
        "로컬 AWS가 켜져 있지 않으므로 그 안에 아무것도 없습니다"
    ),
    "starting the local AWS on 127.0.0.1:{} …": "127.0.0.1:{}에서 로컬 AWS를 시작하는 중 …",
    "AWS account {}, region {}, as {}": "AWS 계정 {}, 리전 {}, 신원 {}",
    # hol/config/settings.py
    "is not a whole number of {} from {} to {}": "{1}에서 {2} 사이의 정수({0})여야 합니다",
    "is not a whole number from {} to {}": "{}에서 {} 사이의 정수여야 합니다",
    "is not a time such as {}, from {} to {} minutes": "{1}분에서 {2}분 사이의 시간이어야 합니다. 예: {0}",
    "is none of {}": "다음 가운데 하나여야 합니다: {}",
    "is not text": "글이어야 합니다",
    "has an unknown placeholder {} (known: {})": "모르는 자리 표시자 {}이(가) 들어 있습니다 (쓸 수 있는 것: {})",
    "is not {}": "잘못된 값입니다. {}",
    "text of at most {} characters": "{}자를 넘지 않는 한 줄의 글이어야 합니다",
    "is not a list of tags such as {}": "태그 목록이어야 합니다. 예: {}",
    "has {} tags, and at most {} are possible": "태그가 {}개인데, 최대 {}개까지 쓸 수 있습니다",
    "has the tag {}, but AWS takes no {} in tags: letters, digits, blanks and {} only": (
        "태그 {}이(가) 있는데, AWS 태그에는 {}을(를) 쓸 수 없어요: 글자, 숫자, 공백, {}만 쓸 수 있습니다"
    ),
    "has the tag {}, but keys have 1 to 128 characters and values at most 256": (
        "태그 {}이(가) 있는데, 키는 1자에서 128자, 값은 256자까지 쓸 수 있습니다"
    ),
    "has the tag {}, but tags that begin with aws: or hol: are reserved": (
        "태그 {}이(가) 있지만, aws:나 hol:로 시작하는 태그는 쓸 수 없습니다"
    ),
    "an IAM name: letters, digits and + = , . @ _ -, at most {} characters": (
        "IAM 이름이어야 합니다(글자, 숫자, + = , . @ _ -, 최대 {}자)"
    ),
    "a function name: letters, digits, - and _, at most {} characters": (
        "함수 이름이어야 합니다(영문자, 숫자, -, _, 최대 {}자)"
    ),
    "an endpoint name: letters, digits and -, at most {} characters": (
        "엔드포인트 이름이어야 합니다(영문자, 숫자, -, 최대 {}자)"
    ),
    "a bucket name: 3 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit": (
        "버킷 이름이어야 합니다(a-z, 0-9, -로 3~63자, 처음과 끝은 글자나 숫자)"
    ),
    "a schedule name: letters, digits, . - and _, at most {} characters": (
        "일정 이름이어야 합니다(영문자, 숫자, . - _, 최대 {}자)"
    ),
    "a path": "경로여야 합니다",
    "the name of a folder below the current one: no /, ~, . or .. to lead elsewhere": (
        "이 폴더 아래의 폴더 이름이어야 합니다(다른 곳으로 가는 /, ~, ., .. 없이)"
    ),
    "an instance type such as {}": "인스턴스 유형이어야 합니다. 예: {}",
    "a Python runtime such as {}": "Python 런타임이어야 합니다. 예: {}",
    "MB": "MB 단위",
    "a handler such as {}": "핸들러여야 합니다. 예: {}",
    "an API name of at most {} characters": "최대 {}자의 API 이름이어야 합니다",
    '"*", website, or an origin such as {}': '"*", website 또는 출처여야 합니다. 예: {}',
    "a stage name: letters, digits, - and _": "스테이지 이름이어야 합니다(영문자, 숫자, -, _)",
    "a file name without /": "/가 없는 파일 이름이어야 합니다",
    "a file name": "파일 이름이어야 합니다",
    "a region such as {}": "리전이어야 합니다. 예: {}",
    "1 to 20 of a-z, 0-9 and -": "a-z, 0-9, -로 1~20자여야 합니다",
    "letters, digits, . - and _, at most {} characters": "영문자, 숫자, . - _로 최대 {}자여야 합니다",
}
