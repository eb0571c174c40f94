"""The 49 actions of the guide in the practice console, done by what is to be seen: visible labels, in Korean or English."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from hol.config.files import packaged
from hol.config.settings import Config
from steps.site import contents as site

EVENT = (packaged() / "assets/events/myTestEvent.json").read_text(encoding="utf-8")
CODE = (packaged() / "assets/lambda/inference.py").read_text(encoding="utf-8")
Pair = tuple[str, str]
SERVICES: dict[str, Pair | str] = {
    "iam": "IAM",
    "lambda": "Lambda",
    "apigateway": "API Gateway",
    "s3": "S3",
    "http": ("HTTP 요청", "HTTP request"),
}


@dataclass
class ConsoleHands:
    """A learner at the console; `language` 0 is Korean, 1 English. `records`: the calls of every click so far."""

    page: Page
    config: Config
    home: Path
    language: int = 0
    records: list[dict[str, Any]] = field(default_factory=list)
    noted: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("response", self._note)

    def _note(self, response: Any) -> None:
        if response.url.endswith("/api/act?") or "/api/act?" in response.url:
            self.records += response.json().get("records", [])

    # --- what hands do ---

    def say(self, pair: Pair | str) -> str:
        return pair if isinstance(pair, str) else pair[self.language]

    @property
    def room(self) -> Locator:
        return self.page.locator("main.practice")

    def press(self, label: Pair | str, into: Locator | None = None) -> None:
        """A button, and its call to the end."""
        (into or self.room).get_by_role("button", name=self.say(label), exact=True).first.click()

    def act(self, label: Pair | str, into: Locator | None = None) -> None:
        with self.page.expect_response(lambda response: "/api/act" in response.url):
            self.press(label, into)

    def follow(self, label: str) -> None:
        self.room.get_by_role("link", name=label, exact=True).last.click()

    def service(self, name: str) -> None:
        self._service(name).click()

    def _service(self, name: str) -> Locator:
        return self.room.get_by_role("navigation").get_by_role("link", name=self.say(SERVICES[name]), exact=True)

    def tab(self, label: Pair) -> None:
        self.room.get_by_role("tab", name=self.say(label), exact=True).click()

    def fill(self, label: Pair, text: str) -> None:
        self.room.get_by_label(self.say(label), exact=True).last.fill(text)

    def choose(self, label: Pair, option: Pair | str) -> None:
        self.room.locator(".screen").get_by_label(self.say(label)).last.click()
        self.page.get_by_role("option", name=self.say(option)).first.click()

    def suggest(self, label: Pair, text: str) -> None:
        box = self.room.get_by_label(self.say(label), exact=True).last
        box.fill(text)
        self.page.get_by_role("option", name=text).last.click()

    def pick(self, option: Pair | str) -> None:
        """A radio button or a tile; a tile's name goes on with what it means."""
        named = re.compile(rf"^{re.escape(self.say(option))}")
        self.room.get_by_role("radio", name=named).first.check(force=True)

    def tick(self, label: Pair | str, on: bool = True) -> None:
        self.room.get_by_role("checkbox", name=self.say(label), exact=True).first.set_checked(on, force=True)

    def select(self, key: str) -> None:
        self.room.get_by_role("radio", name=f"{self.say(('선택', 'Select'))} {key}", exact=True).check(force=True)

    def select_all(self) -> None:
        self.room.get_by_role("checkbox", name=self.say(("모두 선택", "Select all"))).check(force=True)

    def menu(self, label: Pair, item: Pair) -> None:
        self.press(label)
        self.page.get_by_role("menuitem", name=self.say(item)).click()

    def title(self, text: Pair | str) -> None:
        expect(self.room.get_by_role("heading", level=1)).to_have_text(self.say(text))

    # --- the actions ---

    def do(self, number: int) -> None:
        getattr(self, f"a{number}")()

    def a1(self) -> None:
        self.service("lambda")
        self.title(("함수", "Functions"))

    def a2(self) -> None:
        self.press(("함수 생성", "Create function"))

    def a3(self) -> None:
        self.fill(("함수 이름", "Function name"), self.config.function.name)
        self.pick(("AWS 정책 템플릿에서 새 역할 생성", "Create a new role from AWS policy templates"))
        self.fill(("역할 이름", "Role name"), self.config.role.name)
        self.act(("함수 생성", "Create function"))
        self.title(self.config.function.name)

    def a4(self) -> None:
        self.service("iam")

    def a5(self) -> None:
        self.title(("역할", "Roles"))

    def a6(self) -> None:
        self.follow(self.config.role.name)
        self.title(self.config.role.name)

    def a7(self) -> None:
        self.menu(("권한 추가", "Add permissions"), ("인라인 정책 생성", "Create inline policy"))
        self.title(("인라인 정책 생성", "Create inline policy"))

    def a8(self) -> None:
        self.suggest(("서비스 선택", "Select a service"), "SageMaker")

    def a9(self) -> None:
        self.tick("DescribeEndpoint")
        self.tick("InvokeEndpoint")

    def a10(self) -> None:
        self.tick(("이 계정의 모든 항목", "Any in this account"))
        self.press(("다음", "Next"))

    def a11(self) -> None:
        self.fill(("정책 이름", "Policy name"), self.config.policy.name)
        self.act(("정책 생성", "Create policy"))
        self.title(self.config.role.name)

    def a12(self) -> None:
        self.select(self.config.policy.name)
        self.act(("정책 문서 보기", "View policy document"))
        expect(self.page.get_by_test_id("shows")).to_contain_text("sagemaker:InvokeEndpoint")

    def a13(self) -> None:
        self.service("lambda")
        self.follow(self.config.function.name)
        self.fill(("파일 이름", "File name"), "inference.py")
        self.fill(("코드", "Code"), CODE)
        self.act("Deploy")

    def a14(self) -> None:
        self.tab(("구성", "Configuration"))
        self.press(("환경 변수 편집", "Edit environment variables"))
        self.press(("환경 변수 추가", "Add environment variable"))
        self.fill(("키 1", "Key 1"), "ENDPOINT_NAME")
        self.fill(("값 1", "Value 1"), self.config.endpoint.name)
        self.act(("저장", "Save"))
        self.title(self.config.function.name)

    def a15(self) -> None:
        self.press(("일반 구성 편집", "Edit general configuration"))
        self.fill(("제한 시간: 초", "Timeout: sec"), "10")
        self.act(("저장", "Save"))
        self.title(self.config.function.name)

    def a16(self) -> None:
        self.tab(("코드", "Code"))
        self.press(("런타임 설정 편집", "Edit runtime settings"))
        self.fill(("핸들러", "Handler"), "inference.lambda_handler")
        self.act(("저장", "Save"))
        self.title(self.config.function.name)

    def a17(self) -> None:
        self.tab(("테스트", "Test"))

    def a18(self) -> None:
        self.fill(("이벤트 이름", "Event name"), "myTestEvent")

    def a19(self) -> None:
        self.fill(("이벤트 JSON", "Event JSON"), EVENT)

    def a20(self) -> None:
        self.press(("저장", "Save"))

    def a21(self) -> None:
        self.act(("테스트", "Test"), self.room.locator(".ends"))
        expect(self.page.get_by_test_id("shows")).to_contain_text("__label__0")

    def a22(self) -> None:
        self.service("apigateway")
        self.title(("API", "APIs"))

    def a23(self) -> None:
        self.press(("API 생성", "Create API"))
        self.press(("구축", "Build"))
        self.pick(("새 API", "New API"))

    def a24(self) -> None:
        self.fill(("API 이름", "API name"), self.config.api.name)
        self.act(("API 생성", "Create API"))
        self.title_begins(("리소스 - ", "Resources - "))

    def title_begins(self, text: Pair) -> None:
        expect(self.room.get_by_role("heading", level=1)).to_contain_text(self.say(text))

    def a25(self) -> None:
        self.press(("메서드 생성", "Create method"))
        self.title(("메서드 생성", "Create method"))

    def a26(self) -> None:
        self.choose(("메서드 유형", "Method type"), "POST")

    def a27(self) -> None:
        self.pick(("Lambda 함수", "Lambda function"))
        self.suggest(("Lambda 함수", "Lambda function"), f":function:{self.config.function.name}")
        self.act(("메서드 생성", "Create method"))
        self.title_begins(("리소스 - ", "Resources - "))

    def a28(self) -> None:
        self.tab(("테스트", "Test"))

    def a29(self) -> None:
        self.fill(("요청 본문", "Request body"), EVENT)
        self.act(("테스트", "Test"), self.room.locator(".ends"))
        expect(self.page.get_by_test_id("shows")).to_contain_text("__label__0")

    def a30(self) -> None:
        self.follow("/")
        self.press(("CORS 활성화", "Enable CORS"))
        self.tick("POST")
        self.act(("저장", "Save"))
        self.title_begins(("리소스 - ", "Resources - "))

    def a31(self) -> None:
        self.press(("API 배포", "Deploy API"))
        self.title(("API 배포", "Deploy API"))

    def a32(self) -> None:
        self.choose(("스테이지", "Stage"), ("*새 스테이지*", "*New stage*"))
        self.fill(("스테이지 이름", "Stage name"), self.config.stage.name)
        self.fill(("배포 설명", "Deployment description"), self.config.stage.deployment)
        self.act(("배포", "Deploy"))
        self.title_begins(("스테이지 - ", "Stages - "))

    def a33(self) -> None:
        self.noted["invoke"] = self.room.get_by_text("/_aws/execute-api/").first.inner_text()
        self.menu(("스테이지 작업", "Stage actions"), ("SDK 생성", "Generate SDK"))
        self.choose(("플랫폼", "Platform"), "JavaScript")
        with self.page.expect_download() as download:
            self.act(("SDK 생성", "Generate SDK"))
        self.unzip(Path(str(download.value.path())).read_bytes())

    def unzip(self, archive: bytes) -> None:
        """What the learner does outside of the console: the SDK and the pages in one folder, the page's tags put in."""
        assert zipfile.ZipFile(io.BytesIO(archive)).testzip() is None
        made = site.compose(site.unzip(archive), packaged() / self.config.site.pages, "hol")
        for name, data in made.items():
            path = self.home / self.config.site.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def a34(self) -> None:
        self.service("http")
        self.fill(("URL", "URL"), self.noted["invoke"])
        self.fill(("본문(JSON)", "Body (JSON)"), EVENT)
        self.act(("보내기", "Send"))
        expect(self.page.get_by_test_id("shows")).to_contain_text("200 OK")
        expect(self.page.get_by_test_id("shows")).to_contain_text("__label__0")

    def a35(self) -> None:
        self.service("s3")
        self.title(("버킷", "Buckets"))

    def a36(self) -> None:
        self.press(("버킷 만들기", "Create bucket"))

    def a37(self) -> None:
        self.fill(("버킷 이름", "Bucket name"), self.config.bucket.name)

    def a38(self) -> None:
        self.pick(("ACL 활성화됨", "ACLs enabled"))
        self.pick(("객체 작성자", "Object writer"))
        self.tick(("모든 퍼블릭 액세스 차단", "Block all public access"), on=False)
        self.tick((
            "이 설정 때문에 버킷과 그 안의 객체가 공개될 수 있음을 알고 있어요.",
            "I acknowledge that the current settings might make this bucket and its objects public.",
        ))  # fmt: skip

    def a39(self) -> None:
        self.act(("버킷 만들기", "Create bucket"))
        self.title(("버킷", "Buckets"))

    def a40(self) -> None:
        self.follow(self.config.bucket.name)
        self.title(self.config.bucket.name)

    def a41(self) -> None:
        self.tab(("속성", "Properties"))
        self.press(("정적 웹 사이트 호스팅 편집", "Edit static website hosting"))
        self.pick(("활성화", "Enable"))
        self.fill(("인덱스 문서", "Index document"), "index.html")
        self.fill(("오류 문서 - 선택 사항", "Error document - optional"), "error.html")

    def a42(self) -> None:
        self.act(("변경 사항 저장", "Save changes"))
        self.title(self.config.bucket.name)

    def a43(self) -> None:
        link = self.room.get_by_role("link").filter(has_text="s3-website")
        self.noted["website"] = str(link.get_attribute("href"))

    def a44(self) -> None:
        self.tab(("객체", "Objects"))
        self.press(("업로드", "Upload"))
        self.title(("업로드", "Upload"))

    def a45(self) -> None:
        self.drop(self.home / self.config.site.folder)
        self.act(("업로드", "Upload"))
        self.title(self.config.bucket.name)

    def drop(self, folder: Path) -> None:
        """All that is in the folder, through the chooser: single files and the folder lib."""
        with self.page.expect_file_chooser() as chooser:
            self.press(("파일 추가", "Add files"))
        chooser.value.set_files([file for file in sorted(folder.iterdir()) if file.is_file()])
        for inner in (one for one in sorted(folder.iterdir()) if one.is_dir()):
            with self.page.expect_file_chooser() as chooser:
                self.press(("폴더 추가", "Add folder"))
            chooser.value.set_files(inner)

    def a46(self) -> None:
        self.select_all()
        self.menu(("작업", "Actions"), ("ACL을 사용하여 퍼블릭으로 설정", "Make public using ACL"))
        self.act(("퍼블릭으로 설정", "Make public"))
        self.title(self.config.bucket.name)

    def a47(self) -> None:
        self.site = self.page.context.new_page()
        self.site.goto(self.noted["website"])

    def a48(self) -> None:
        self.site.fill("#sentence", json.loads(EVENT)["sentences"][1]["query"])
        self.site.press("#sentence", "Enter")

    def a49(self) -> None:
        expect(self.site.locator("#result")).to_have_attribute("data-label", "0")
        self.site.close()


class KeyboardHands(ConsoleHands):
    """The same without a mouse: Tab to where one wants to be, and the keys that a control has."""

    def reach(self, target: Locator, most: int = 400) -> None:
        """Tab until it has the focus."""
        target.first.wait_for(state="attached")
        for _ in range(most):
            if target.first.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def key(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def press(self, label: Pair | str, into: Locator | None = None) -> None:
        button = (into or self.room).get_by_role("button", name=self.say(label), exact=True)
        expect(button.first).to_be_enabled()
        self.reach(button)
        self.key("Enter")

    def follow(self, label: str) -> None:
        self.reach(self.room.get_by_role("link", name=label, exact=True).last)
        self.key("Enter")

    def service(self, name: str) -> None:
        self.reach(self._service(name))
        self.key("Enter")

    def tab(self, label: Pair) -> None:
        wanted = self.room.get_by_role("tab", name=self.say(label), exact=True)
        wanted.wait_for()
        self.reach(self.room.locator("[role=tab][aria-selected=true]"))
        self._until(wanted, "ArrowRight")
        self.key("Enter")

    def _until(self, wanted: Locator, key: str, state: str = "one => one === document.activeElement") -> None:
        for _ in range(40):
            if wanted.first.evaluate(state):
                return
            self.key(key)
        raise AssertionError(f"{key} does not lead to {wanted}")

    def fill(self, label: Pair, text: str) -> None:
        self.reach(self.room.get_by_label(self.say(label), exact=True).last)
        self.key("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)

    def choose(self, label: Pair, option: Pair | str) -> None:
        self.reach(self.room.locator(".screen").get_by_label(self.say(label)).last)
        self.key("Enter")
        self._highlight(self.page.get_by_role("option", name=self.say(option)).first)
        self.key("Enter")

    def _highlight(self, option: Locator) -> None:
        """The list's own highlight, which the control names as its active descendant."""
        option.wait_for()
        active = "one => { const now = document.activeElement.getAttribute('aria-activedescendant'); return now && document.getElementById(now)?.contains(one) || one.id === now || one === document.activeElement; }"
        self._until(option, "ArrowDown", active)

    def suggest(self, label: Pair, text: str) -> None:
        self.fill(label, text)
        self._highlight(self.page.get_by_role("option", name=text).last)
        self.key("Enter")

    def pick(self, option: Pair | str) -> None:
        wanted = self.room.get_by_role("radio", name=re.compile(rf"^{re.escape(self.say(option))}")).first
        wanted.wait_for(state="attached")
        group = wanted.evaluate("one => one.name")
        self.reach(self.room.locator(f'input[name="{group}"]:checked, input[name="{group}"]:focus'))
        self._until(wanted, "ArrowDown", "one => one.checked")

    def tick(self, label: Pair | str, on: bool = True) -> None:
        box = self.room.get_by_role("checkbox", name=self.say(label), exact=True).first
        self.reach(box)
        if box.is_checked() != on:
            self.key("Space")

    def select(self, key: str) -> None:
        wanted = self.room.get_by_role("radio", name=f"{self.say(('선택', 'Select'))} {key}", exact=True)
        wanted.wait_for(state="attached")
        group = wanted.evaluate("one => one.name")
        self.reach(self.room.locator(f'input[name="{group}"]').first)
        self.key("Space")
        self._until(wanted, "ArrowDown", "one => one.checked")

    def select_all(self) -> None:
        self.reach(self.room.get_by_role("checkbox", name=self.say(("모두 선택", "Select all"))))
        self.key("Space")

    def menu(self, label: Pair, item: Pair) -> None:
        self.press(label)
        wanted = self.page.get_by_role("menuitem", name=self.say(item))
        wanted.wait_for()
        self._until(
            wanted, "ArrowDown", "one => one.contains(document.activeElement) || one === document.activeElement"
        )
        self.key("Enter")
