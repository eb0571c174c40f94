"""What the AWS provider of Terraform calls the parts of a REST API.

Everything of an API is a resource of its own there, and a deployment has to be told what it is a deployment of.
"""

from __future__ import annotations

from hol.export.made import METHOD_SETTINGS
from hol.export.row import Row, To

_API = {"restApiId": "rest_api_id", "resourceId": "resource_id", "httpMethod": "http_method"}
_OF_METHOD = {"httpMethod": "apigateway.put_method"}
_OF_ANSWER = {**_OF_METHOD, "statusCode": "apigateway.put_method_response"}
_ANSWER = "{restApiId}/{resourceId}/{httpMethod}/{statusCode}"
_MADE_OF = (
    "apigateway.put_method", "apigateway.put_method_response", "apigateway.put_integration",
    "apigateway.put_integration_response", "apigateway.put_gateway_response",
)  # fmt: skip

ROWS = {
    "apigateway.create_rest_api": Row(
        "aws_api_gateway_rest_api",
        {"name": "name", "endpointConfiguration": To("endpoint_configuration", "nested"), "tags": To("tags", "tags")},
        noun="api",
        name="name",
        attributes={"API_ID": "id", "ROOT_ID": "root_resource_id"},
        outputs={"api_id": "id"},
        identifier="{API_ID}",
    ),
    "apigateway.put_method": Row(
        "aws_api_gateway_method",
        {**_API, "authorizationType": "authorization", "apiKeyRequired": "api_key_required"},
        noun="method",
        label="{httpMethod}",
        attributes={"httpMethod": "http_method"},
        identifier="{restApiId}/{resourceId}/{httpMethod}",
    ),
    "apigateway.put_method_response": Row(
        "aws_api_gateway_method_response",
        {
            **_API,
            "statusCode": "status_code",
            "responseModels": "response_models",
            "responseParameters": "response_parameters",
        },
        noun="response",
        label="{httpMethod}_{statusCode}",
        refs=_OF_METHOD,
        attributes={"statusCode": "status_code"},
        identifier=_ANSWER,
    ),
    "apigateway.put_integration": Row(
        "aws_api_gateway_integration",
        {
            **_API,
            "type": "type",
            "integrationHttpMethod": "integration_http_method",
            "uri": "uri",
            "passthroughBehavior": "passthrough_behavior",
            "requestTemplates": To("request_templates", "verbatim"),
        },
        noun="integration",
        label="{httpMethod}",
        refs=_OF_METHOD,
        identifier="{restApiId}/{resourceId}/{httpMethod}",
    ),
    "apigateway.put_integration_response": Row(
        "aws_api_gateway_integration_response",
        {
            **_API,
            "statusCode": "status_code",
            "selectionPattern": To("selection_pattern", "verbatim"),
            "responseParameters": "response_parameters",
            "responseTemplates": To("response_templates", "verbatim"),
        },
        noun="integration_response",
        label="{httpMethod}_{statusCode}",
        refs=_OF_ANSWER,
        after=("apigateway.put_integration",),
        identifier=_ANSWER,
    ),
    "apigateway.put_gateway_response": Row(
        "aws_api_gateway_gateway_response",
        {"restApiId": "rest_api_id", "responseType": "response_type", "responseParameters": "response_parameters"},
        noun="response",
        label="{responseType}",
        # AWS stores its own where none is given, and the provider would plan to take it away again.
        also={"response_templates": {"application/json": '{"message":$context.error.messageString}'}},
        identifier="{restApiId}/{responseType}",
    ),
    "apigateway.create_deployment": Row(
        "aws_api_gateway_deployment",
        {"restApiId": "rest_api_id", "description": To("description", "verbatim")},
        noun="deployment",
        attributes={"DEPLOYMENT_ID": "id"},
        after=_MADE_OF,
        triggers=_MADE_OF,
        identifier="{restApiId}/{DEPLOYMENT_ID}",
    ),
    "apigateway.create_stage": Row(
        "aws_api_gateway_stage",
        {
            "restApiId": "rest_api_id",
            "deploymentId": "deployment_id",
            "stageName": "stage_name",
            "description": To("description", "verbatim"),
            "variables": To("variables", own=True),
        },
        noun="stage",
        name="stageName",
        attributes={"stageName": "stage_name"},
        outputs={"invoke_url": "invoke_url"},
        identifier="{restApiId}/{stageName}",
    ),
    METHOD_SETTINGS: Row(
        "aws_api_gateway_method_settings",
        {
            "restApiId": "rest_api_id",
            "stageName": "stage_name",
            "methodPath": "method_path",
            "resourcePath": "",
            "verb": "",
            "rateLimit": "settings.throttling_rate_limit",
            "burstLimit": "settings.throttling_burst_limit",
        },
        noun="limits",
        label="{methodPath}",
        refs={"stageName": "apigateway.create_stage"},
        identifier="{restApiId}/{stageName}/{methodPath}",
    ),
}
