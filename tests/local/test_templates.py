"""Mapping templates as API Gateway evaluates them, each with its payload and what comes out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hol.local.templates.nodes import TemplateError
from hol.local.templates.render import render
from hol.local.templates.values import Input, json_path

BODY = {
    "errorMessage": '[404] endpoint "x" isn\'t there\n',
    "n": 3,
    "half": 0.5,
    "yes": True,
    "nothing": None,
    "empty": "",
    "list": [1, "둘", {"a": "b"}],
    "map": {"a": 1, "b-c": "x"},
    "text": '{"key": {"arr": [1, 2]}}',
}
CONTEXT = {"requestId": "r-1", "stage": "prod", "identity": {"sourceIp": "127.0.0.1"}}
GIVEN = Input(json.dumps(BODY, ensure_ascii=False), {"id": "7"}, {"q": "from query", "id": "no"}, {"x-who": "hol"})


def rendered(template: str, given: Input = GIVEN) -> str:
    return render(template, given, CONTEXT, {"color": "blue"}).text


@pytest.mark.parametrize(("template", "expected"), [
    # references
    ("plain text, $5 and 100% #1", "plain text, $5 and 100% #1"),
    ("", ""),
    ("$undefined|${undefined}|$!undefined|$!{undefined}|", "$undefined|${undefined}|||"),
    ("$input.path('$.n')px", "3px"),
    ("${input.path('$.n')}px", "3px"),
    ("#set($a = 1)${a}b$a.", "1b1."),
    ("#set($a-b = 1)$a-b", "1"),
    ("$ $$ ${ $}", "$ $$ ${ $}"),
    (r"\$context.stage \#if", "$context.stage #if"),
    ("$context.stage $context.identity.sourceIp", "prod 127.0.0.1"),
    ("$context.nowhere", "$context.nowhere"),
    ("$stageVariables.color ${stageVariables['color']} $stageVariables.get('color')", "blue blue blue"),
    # $input
    ("$input.body", GIVEN.body),
    ("$input.path('$.list[1]')", "둘"),
    ("$input.path('$.list[-1].a')", "b"),
    ("$input.path('$.list').size()", "3"),
    ("$input.path(\"$['map']['b-c']\")", "x"),
    ("$input.path('$.list[*].a')", '["b"]'),
    ("[$input.path('$.missing')]", "[]"),
    ("$input.path('$.map')", "{a=1, b-c=x}"),
    ("$input.path('$.list')", '[1,"둘",{"a":"b"}]'),
    ("#set($root = $input.path('$'))$root.map.a $root.list[2].a $root.half", "1 b 0.5"),
    ("$input.json('$.map')", '{"a":1,"b-c":"x"}'),
    ("$input.json('$.missing')", '""'),
    ("$input.json('$.list[1]')", '"둘"'),
    ("$input.params('id') $input.params('q') $input.params('X-Who') [$input.params('none')]", "7 from query hol []"),
    ("$input.params().querystring.q $input.params().path.keySet()", 'from query ["id"]'),
    # $util
    ("$util.escapeJavaScript($input.path('$.errorMessage'))", "[404] endpoint \\\"x\\\" isn\\'t there\\n"),
    ("""$util.escapeJavaScript("it's").replaceAll("\\\\'", "'")""", "it's"),
    ("$util.escapeJavaScript('/한😀')", "\\/\\uD55C\\uD83D\\uDE00"),
    ("#set($o = $util.parseJson($input.path('$.text')))$o.key.arr[1]", "2"),
    ("$util.urlEncode('a b&한') $util.urlDecode('a+b%26')", "a+b%26%ED%95%9C a b&"),
    ("$util.base64Encode('안녕') $util.base64Decode('aGk=')", "7JWI64WV hi"),
    # #set and expressions
    ("#set($a = 'it''s $n')$a", "it's $n"),
    ('#set($n = 2)#set($a = "n is $n, ${n}px")$a', "n is 2, 2px"),
    ('#set($a = "say ""hi""")$a', 'say "hi"'),
    ("#set( $a=1 + 2 * 3 )$a", "7"),
    ("#set($a = (1 + 2) * 3 - 1)$a", "8"),
    ("#set($a = 7 / 2)#set($b = -7 / 2)#set($c = 7 % 4)$a $b $c", "3 -3 3"),
    ("#set($a = 1 / 0)$a", "$a"),
    ("#set($a = 'x')#set($a = $input.path('$').nothing)$a", "x"),
    ("#set($a = 1 + 'b')$a", "1b"),
    ("#set($a = [1..3])#set($b = [3..1])#set($c = ['x', 2])$a $b $c", '[1,2,3] [3,2,1] ["x",2]'),
    ("#set($m = {'a': 1, 'b': [2]})#set($m.c = 3)$m.a $m.b[0] $m.c $m['a']", "1 2 3 1"),
    ("#set($m = {})#set($m['k'] = 'v')$m.k", "v"),
    ("#set($a = true)#set($b = null)$a $!b|", "true |"),
    # #if
    ("#if(true)a#end", "a"),
    ("#if(false)a#{else}b#end", "b"),
    ("#if($input.path('$.n') > 2)more#elseif(true)less#end", "more"),
    ("#if(1 == 2)a#elseif(2 >= 3)b#elseif(3 <= 3)c#else d#end", "c"),
    ("#if($nope)a#else b#end", " b"),
    ("#if('')empty is true#end", "empty is true"),
    ("#if(\"$!input.path('$.missing')\" == '')none#end", "none"),
    ("#if(!$nope && 'a' == 'a')yes#end", "yes"),
    ("#if(not $nope and ('a' != 'a' or 1 lt 2))yes#end", "yes"),
    ("#if(false || $input.path('$.yes'))yes#end", "yes"),
    ("#if(1 == '1' && 1 == 1.0)yes#end", "yes"),
    ("#if($a == $b)both null#end", "both null"),
    ("#if(true)#if(false)a#else#if(true)b#end#end#end", "b"),
    ("{\n#if(true)\n  x\n#end\n}", "{\n  x\n}"),
    ("#set($a = 1)\n$a", "1"),
    # #foreach
    ("#foreach($x in $input.path('$.list'))$foreach.index:$x#if($foreach.hasNext),#end#end", "0:1,1:둘,2:{a=b}"),
    ("#foreach($k in $input.path('$.map').keySet())$k=$input.path('$.map').get($k);#end", "a=1;b-c=x;"),
    ("#foreach($e in $input.path('$.map').entrySet())$e.key/$e.value #end", "a/1 b-c/x "),
    ("#foreach($x in [1..9])#if($x == 3)#break#end$x#end.", "12."),
    ("#set($x = 'out')#foreach($x in [1])$x#end$x", "1out"),
    ("#foreach($x in $nothing)$x#end.", "."),
    ("a#stop b", "a"),
    # comments and unparsed text
    ("a## $b\nc#* $d\n *#e#[[$f #if]]#", "ace$f #if"),
    # methods
    ("#set($s = ' Ab,c ')$s.trim().toLowerCase() $s.trim().split(',').get(1) $s.length()", "ab,c c 6"),
    ("#set($s = 'abcabc')$s.substring(1, 3) $s.substring(4) $s.indexOf('c') $s.lastIndexOf('c') $s.indexOf('z')",
     "bc bc 2 5 -1"),
    ("#set($s = 'abc')$s.startsWith('ab') $s.endsWith('c') $s.contains('x') $s.equals('abc')", "true true false true"),
    ("#set($s = 'a.b.c')$s.replace('.', '-') $s.replaceAll('[.](.)', '<$1>') $s.matches('a.*')", "a-b-c a<b><c> true"),
    ("#set($s = 'a')$s.toUpperCase().concat('b').isEmpty() $s.noSuchMethod()", "false $s.noSuchMethod()"),
    ("#set($l = [])#set($ignored = $l.add('x'))$l $l.isEmpty() $l.contains('x')", '["x"] false true'),
    ("#set($m = {'a': 1})$m.containsKey('a') $m.put('b', 2)$m.size() $m.values()", "true 2 [1,2]"),
    ("$input.path('$.n').toString().length()", "1"),
])  # fmt: skip
def test_templates(template: str, expected: str) -> None:
    assert rendered(template) == expected


def test_the_status_and_the_headers_of_the_answer_can_be_overridden() -> None:
    template = "#set($context.responseOverride.status = 404)#set($context.responseOverride.header.X-Why = 'n is 1')x"
    found = render(template, GIVEN, CONTEXT, {})
    assert (found.status, dict(found.headers), found.text) == (404, {"X-Why": "n is 1"}, "x")
    assert render("x", GIVEN, CONTEXT, {}).status == 0
    named = "#set($context.responseOverride.header['X-A'] = 1)#set($context.responseOverride.status = '201')"
    found = render(named, GIVEN, CONTEXT, {})
    assert (found.status, dict(found.headers)) == (201, {"X-A": "1"})
    assert "responseOverride" not in CONTEXT


@pytest.mark.parametrize("template", [
    "#if(true)a", "#end", "#else", "#if(true)a#else b", "#if true", "#set($a 1)", "#set(a = 1)", "#set($a = )",
    "#foreach($x of $y)a#end", "#foreach($x in [1])a", "#macro(a)b#end", "#parse('x')", "$input.path('$.n'", "$a[",
    "#set($a = 'open)", "#set($input.body = 1)", "#set($undefined.a = 1)", "#set($context.stage = 'other')",
    "#set($context.responseOverride.status = 200)#set($context.responseOverride.status = 400)",
    "#set($context.responseOverride.status = 'soon')", "#set($context.responseOverride.status = 40.5)",
    "#set($s = 'abc')$s.substring(2, 9)", "#set($s = 'abc')$s.substring()", "#set($s = 'a')$s.replaceAll('(', '')",
    "#foreach($x in [1..1001])$x#end", "x" * (300 * 1024 + 1),
])  # fmt: skip
def test_what_api_gateway_could_not_use(template: str) -> None:
    with pytest.raises(TemplateError):
        rendered(template)


def test_the_result_has_a_largest_size() -> None:
    rendered("$input.body", Input("x" * (10 * 1024 * 1024)))
    with pytest.raises(TemplateError, match="10 MB"):
        rendered("$input.body.", Input("x" * (10 * 1024 * 1024)))


def test_a_text_is_never_read_as_a_template() -> None:
    given = Input(json.dumps({"a": "#set($context.responseOverride.status = 200)$context.stage ##"}))
    assert rendered("$input.path('$.a')", given) == json.loads(given.body)["a"]
    assert rendered("#set($a = \"$input.path('$.a')\")$a", given) == json.loads(given.body)["a"]


@pytest.mark.parametrize("body", ["", "no json", "[]", "1"])
def test_a_body_without_what_is_asked_for(body: str) -> None:
    assert rendered("[$input.path('$.a.b')]", Input(body)) == "[]"


@pytest.mark.parametrize(("path", "expected"), [
    ("$", {"a": [{"b": 1}, {"b": 2}]}), ("$.a[1].b", 2), ("$.a[*].b", [1, 2]), ("$.*", [[{"b": 1}, {"b": 2}]]),
    ("$['a'][0]", {"b": 1}), ("$.a.b", None), ("$.a[9]", None), ("$..b", None), ("$.", None),
])  # fmt: skip
def test_json_paths(path: str, expected: Any) -> None:
    assert json_path({"a": [{"b": 1}, {"b": 2}]}, path) == expected
