"""Lambda: every setting of the function, its code, and the event that it is tested with."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from handmade import CODE, Hands, zipped

from mistakes.made import ENDPOINT, Make, Mistake, code, configure, guides, settle, then

EVENT = {"sentences": [{"query": "재미있게 봤습니다."}, {"query": "재미가 없네요..."}]}
START = "import boto3\nimport json\n\nruntime = boto3.client('runtime.sagemaker')\n\n\ndef lambda_handler(event, context):\n"
ASKING = (
    "    body = json.dumps({'instances': [row['query'] for row in event['sentences']]})\n"
    "    response = runtime.invoke_endpoint(EndpointName='{endpoint}', ContentType='application/json', Body=body)\n"
    "    found = json.loads(response['Body'].read().decode('utf-8'))\n"
)


def _named(wrong: str) -> Make:
    return code(guides(endpoint=wrong))


def _hols(**environment: str) -> Make:
    """hol's own code by hand, with its environment."""

    def make(hands: Hands) -> None:
        from hol.aws.functions import package
        from hol.config.files import packaged

        name = hands.config.function.name
        hands.functions.update_function_code(FunctionName=name, ZipFile=package(packaged() / "assets/lambda"))
        settle(hands)
        configure(Handler="inference.lambda_handler", Environment={"Variables": environment})(hands)

    return make


def _again(**settings: Any) -> Make:
    """The function deleted, and made otherwise."""

    def make(hands: Hands) -> None:
        hands.functions.delete_function(FunctionName=hands.config.function.name)
        hands.function(**settings)

    return make


def _other_role(name: str, **settings: Any) -> Make:
    def make(hands: Hands) -> None:
        hands.role(name=name, **settings)
        configure(Role=f"arn:aws:iam::{hands.world.account}:role/service-role/{name}")(hands)

    return make


def _in_a_folder(hands: Hands) -> None:
    source = CODE.format(endpoint=hands.config.endpoint.name, sentences="sentences", query="query")
    archive = zipped("my-function/lambda_function.py", source)
    hands.functions.update_function_code(FunctionName=hands.config.function.name, ZipFile=archive)
    settle(hands)


def _without_code(hands: Hands) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("README.txt", "my function")
    hands.functions.update_function_code(FunctionName=hands.config.function.name, ZipFile=buffer.getvalue())
    settle(hands)


def _reserve(executions: int) -> Make:
    return lambda hands: hands.functions.put_function_concurrency(
        FunctionName=hands.config.function.name, ReservedConcurrentExecutions=executions
    )


def _event(event: Any) -> Make:
    def write(hands: Hands) -> None:
        file = hands.world.home / "assets" / "events" / "myTestEvent.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(event if isinstance(event, str) else json.dumps(event), encoding="utf-8")

    return write


def _function(key: str, name: str, make: Make, shows: str = "", also: tuple[str, ...] = ()) -> Mistake:
    return Mistake("function", f"function.{key}", name, make, shows, also)


MISTAKES = (
    _function("missing", "function name typo", _again(FunctionName="myTextClasificationInference"), "myTextClasificationInference"),
    _function("missing", "function in another region", _again(region="us-west-2"), "us-west-2"),
    _function("timeout", "timeout left at 3 seconds", configure(Timeout=3), "3"),
    _function("timeout", "timeout of one second", configure(Timeout=1), "1"),
    _function("runtime", "Python 3.9", configure(Runtime="python3.9"), "python3.9"),
    _function("runtime", "Node.js", configure(Runtime="nodejs22.x"), "nodejs22.x"),
    _function("handler", "handler's function misspelt", configure(Handler="lambda_function.handler"), "lambda_function.handler"),
    _function("handler", "handler of hol's file with the guide's code", configure(Handler="inference.lambda_handler"), "inference.lambda_handler"),
    _function("handler", "handler without a file", configure(Handler="lambda_handler"), "lambda_handler"),
    _function("handler", "handler with the file's ending", configure(Handler="lambda_function.py.lambda_handler"), "lambda_function.py.lambda_handler"),
    _function("handler", "handler in other letters", configure(Handler="lambda_function.Lambda_handler"), "Lambda_handler"),
    _function("handler", "code in another file", code(guides(), "my_function.py"), "my_function"),
    _function("handler", "code in a folder of the archive", _in_a_folder, "my-function/lambda_function.py"),
    _function("handler", "an archive without code", _without_code, "README.txt"),
    _function("code", "console's own code left in place", code("import json\n\n\ndef lambda_handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps('Hello from Lambda!')}\n"), "Hello from Lambda!"),
    _function("code.syntax", "a bracket forgotten", code("def lambda_handler(event, context:\n    return event\n"), "lambda_function.py"),
    _function("code.syntax", "indentation lost", code(guides().replace("    sentences", "sentences")), "lambda_function.py"),
    _function("code.import", "a package that is not there", code("import sagemaker\n" + guides()), "sagemaker"),
    _function("code.client", "client of another region", code(guides().replace('"runtime.sagemaker"', '"runtime.sagemaker", region_name="us-west-2"')), "us-west-2"),
    _function("code.client", "the wrong client", code(guides().replace('"runtime.sagemaker"', '"sagemaker"')), "invoke_endpoint"),
    _function("code.keys", "nested key typo in the code", code(guides(query="qeury")), "qeury"),
    _function("code.keys", "outer key typo in the code", code(guides(sentences="sentence")), "sentence"),
    _function("code.keys", "code for a proxy integration", code(guides().replace('event["sentences"]', 'json.loads(event["body"])["sentences"]')), "body"),
    _function("code.payload", "another key for the endpoint", code(guides().replace('"instances"', '"instance"')), "instance"),
    _function("code.payload", "another content type for the endpoint", code(guides().replace("application/json", "text/csv")), "text/csv"),
    _function("code.answer", "answer as a string", code(guides().replace('return json.loads(response["Body"].read().decode("utf-8"))', 'return response["Body"].read().decode("utf-8")')), "string"),
    _function("code.answer", "answer wrapped for a proxy", code(START + ASKING + "    return {'statusCode': 200, 'body': json.dumps(found)}\n"), "statusCode"),
    _function("code.answer", "answer in an object", code(START + ASKING + "    return {'result': found}\n"), "result"),
    _function("code.answer", "nothing returned", code(START + ASKING + "    print(found)\n"), "return"),
    _function("code.answer", "only the first sentence", code(START + ASKING + "    return found[:1]\n"), "1"),
    _function("code.answer", "errors swallowed", code(START + "    try:\n        body = json.dumps({'instances': [row['text'] for row in event['sentences']]})\n        return runtime.invoke_endpoint(EndpointName='{endpoint}', ContentType='application/json', Body=body)\n    except Exception as error:\n        return {'error': str(error)}\n"), "error"),
    _function("code.answer", "answer that is no JSON", code(START + ASKING + "    return response\n"), "JSON"),
    _function("code.handler", "handler of one argument", code(guides().replace("(event, context)", "(event)")), "lambda_handler"),
    _function("slow", "code that waits longer than its timeout", then(configure(Timeout=10), code("import time\n" + guides().replace("    sentences", "    time.sleep(20)\n    sentences"))), "seconds"),
    _function("endpoint name", "endpoint name typo in the code", _named("blazingtext-text-clasification"), "clasification"),
    _function("endpoint name", "endpoint name left empty in the code", _named(""), ENDPOINT),
    _function("endpoint name", "endpoint's ARN in the code", _named("arn:aws:sagemaker:us-east-1:123456789012:endpoint/" + ENDPOINT), "arn:aws:sagemaker"),
    _function("endpoint name", "a space after the endpoint name in the code", _named(ENDPOINT + " "), ENDPOINT),
    _function("endpoint name", "endpoint name typo in the environment", _hols(ENDPOINT_NAME=ENDPOINT + "s"), ENDPOINT + "s"),
    _function("endpoint name", "a space after the name in the environment", _hols(ENDPOINT_NAME=ENDPOINT + " "), ENDPOINT),
    _function("endpoint name", "an invisible space in the environment", _hols(ENDPOINT_NAME="\u200b" + ENDPOINT), ENDPOINT),
    _function("endpoint name", "name in quotes in the environment", _hols(ENDPOINT_NAME=f'"{ENDPOINT}"'), ENDPOINT),
    _function("endpoint name", "invoke URL in the environment", _hols(ENDPOINT_NAME=f"https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/{ENDPOINT}/invocations"), "https://"),
    _function("endpoint name", "key typo in the environment", _hols(ENDPOINT_NAM=ENDPOINT), "ENDPOINT_NAM"),
    _function("endpoint name", "small letters in the environment", _hols(endpoint_name=ENDPOINT), "endpoint_name"),
    _function("endpoint name", "no environment", _hols(), "ENDPOINT_NAME"),
    _function("limits", "one sentence at most", _hols(ENDPOINT_NAME=ENDPOINT, MAX_SENTENCES="1"), "MAX_SENTENCES"),
    _function("limits", "a limit that is no number", _hols(ENDPOINT_NAME=ENDPOINT, MAX_CHARACTERS="five thousand"), "MAX_CHARACTERS"),
    _function("concurrency", "concurrency reserved as 0", _reserve(0), "0"),
    _function("execution role", "another role", _other_role("someOtherRole"), "someOtherRole"),
    _function("execution role", "another role that trusts nobody here", _other_role("someServiceRole"), "someServiceRole"),
    _function("vpc", "in a private subnet", configure(VpcConfig={"SubnetIds": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]}), "subnet-0123456789abcdef0"),
    _function("event", "nested key typo in the event", _event({"sentences": [{"qeury": "a"}]}), "qeury"),
    _function("event", "outer key typo in the event", _event({"sentence": [{"query": "a"}]}), "sentence"),
    _function("event", "a comma too many in the event", _event('{"sentences": [{"query": "a"},]}'), "JSON"),
    _function("event", "no sentence in the event", _event({"sentences": []}), "sentences"),
    _function("event", "sentences are strings", _event({"sentences": ["재미있어요"]}), "query"),
    _function("event", "event of the proxy's form", _event({"body": json.dumps(EVENT)}), "body"),
    _function("event", "typographic quotes in the event", _event("{“sentences”: [{“query”: “a”}]}"), "“"),
)  # fmt: skip
