"""What CloudFormation calls what the calls make: of several calls about one thing, one resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from __future__ import annotations

from hol.export.made import METHOD_SETTINGS
from hol.export.row import Row, To

REF = ""  # the attribute that !Ref gives
_METHOD = ("restApiId", "resourceId", "httpMethod")
_AT_METHOD = dict.fromkeys(_METHOD, "")
_MADE_OF = ("apigateway.put_method", "apigateway.put_gateway_response")
_TAGS = To("Tags", "tags")

ROWS = {
    "iam.create_role": Row(
        "AWS::IAM::Role",
        {
            "RoleName": "RoleName",
            "Path": "Path",
            "Description": To("Description", "verbatim"),
            "PermissionsBoundary": "PermissionsBoundary",
            "Tags": _TAGS,
            "AssumeRolePolicyDocument": To("AssumeRolePolicyDocument", "document"),
        },
        noun="role",
        name="RoleName",
        text="arn:{partition}:iam::{account}:role{Path}{RoleName}",
        attributes={"RoleName": REF, "text": "Arn"},
    ),
    "iam.create_policy": Row(
        "AWS::IAM::ManagedPolicy",
        {
            "PolicyName": "ManagedPolicyName",
            "Path": "Path",
            "PolicyDocument": To("PolicyDocument", "document"),
            "Tags": "",
        },
        noun="policy",
        text="arn:{partition}:iam::{account}:policy{Path}{PolicyName}",
        attributes={"text": REF},
    ),
    "iam.attach_role_policy": Row(
        into="iam.create_role", by=("RoleName",), fields={"RoleName": "", "PolicyArn": "ManagedPolicyArns[]"}
    ),
    "iam.put_role_policy": Row(
        into="iam.create_role",
        by=("RoleName",),
        at="Policies[]",
        fields={"RoleName": "", "PolicyName": "PolicyName", "PolicyDocument": To("PolicyDocument", "document")},
    ),
    "logs.create_log_group": Row(
        "AWS::Logs::LogGroup",
        {"logGroupName": "LogGroupName", "tags": _TAGS},
        noun="log_group",
        name="logGroupName",
        text="arn:{partition}:logs:{region}:{account}:log-group:{logGroupName}:*",
        attributes={"text": "Arn"},
    ),
    "logs.put_retention_policy": Row(
        into="logs.create_log_group",
        by=("logGroupName",),
        fields={"logGroupName": "", "retentionInDays": "RetentionInDays"},
    ),
    "lambda.create_function": Row(
        "AWS::Lambda::Function",
        {
            "FunctionName": "FunctionName",
            "Role": "Role",
            "Runtime": "Runtime",
            "Handler": "Handler",
            "Timeout": "Timeout",
            "MemorySize": "MemorySize",
            "Environment.Variables": "Environment.Variables",
            "Code.ZipFile": To("Code", "code"),
            "Publish": "",
            "Tags": _TAGS,
        },
        noun="function",
        name="FunctionName",
        text="arn:{partition}:lambda:{region}:{account}:function:{FunctionName}",
        attributes={"FunctionName": REF, "text": "Arn"},
        after=("logs.create_log_group",),
    ),
    "lambda.put_function_concurrency": Row(
        into="lambda.create_function",
        by=("FunctionName",),
        fields={"FunctionName": "", "ReservedConcurrentExecutions": "ReservedConcurrentExecutions"},
    ),
    "lambda.add_permission": Row(
        "AWS::Lambda::Permission",
        {
            "FunctionName": "FunctionName",
            "StatementId": "",
            "Action": "Action",
            "Principal": "Principal",
            "SourceArn": "SourceArn",
        },
        noun="permission",
        refs={"FunctionName": "lambda.create_function"},
    ),
    "apigateway.create_rest_api": Row(
        "AWS::ApiGateway::RestApi",
        {"name": "Name", "endpointConfiguration": To("EndpointConfiguration", "nested"), "tags": _TAGS},
        noun="api",
        name="name",
        attributes={"API_ID": REF, "ROOT_ID": "RootResourceId"},
        outputs={"api_id": REF},
    ),
    "apigateway.put_method": Row(
        "AWS::ApiGateway::Method",
        {
            "restApiId": "RestApiId",
            "resourceId": "ResourceId",
            "httpMethod": "HttpMethod",
            "authorizationType": "AuthorizationType",
            "apiKeyRequired": "ApiKeyRequired",
        },
        noun="method",
        label="{httpMethod}",
    ),
    "apigateway.put_method_response": Row(
        into="apigateway.put_method",
        by=_METHOD,
        at="MethodResponses[]",
        fields={
            **_AT_METHOD,
            "statusCode": "StatusCode",
            "responseModels": "ResponseModels",
            "responseParameters": "ResponseParameters",
        },
    ),
    "apigateway.put_integration": Row(
        into="apigateway.put_method",
        by=_METHOD,
        fields={
            **_AT_METHOD,
            "type": "Integration.Type",
            "integrationHttpMethod": "Integration.IntegrationHttpMethod",
            "uri": "Integration.Uri",
            "passthroughBehavior": "Integration.PassthroughBehavior",
            "requestTemplates": To("Integration.RequestTemplates", "verbatim"),
        },
    ),
    "apigateway.put_integration_response": Row(
        into="apigateway.put_method",
        by=_METHOD,
        at="Integration.IntegrationResponses[]",
        fields={
            **_AT_METHOD,
            "statusCode": "StatusCode",
            "selectionPattern": To("SelectionPattern", "verbatim"),
            "responseParameters": "ResponseParameters",
            "responseTemplates": To("ResponseTemplates", "verbatim"),
        },
    ),
    "apigateway.put_gateway_response": Row(
        "AWS::ApiGateway::GatewayResponse",
        {"restApiId": "RestApiId", "responseType": "ResponseType", "responseParameters": "ResponseParameters"},
        noun="response",
        label="{responseType}",
    ),
    "apigateway.create_deployment": Row(
        "AWS::ApiGateway::Deployment",
        {"restApiId": "RestApiId", "description": To("Description", "verbatim")},
        noun="deployment",
        attributes={"DEPLOYMENT_ID": REF},
        after=_MADE_OF,
        triggers=_MADE_OF,
    ),
    "apigateway.create_stage": Row(
        "AWS::ApiGateway::Stage",
        {
            "restApiId": "RestApiId",
            "deploymentId": "DeploymentId",
            "stageName": "StageName",
            "description": To("Description", "verbatim"),
            "variables": To("Variables", own=True),
        },
        noun="stage",
        name="stageName",
        attributes={"stageName": REF},
    ),
    METHOD_SETTINGS: Row(
        into="apigateway.create_stage",
        by=("restApiId", "stageName"),
        at="MethodSettings[]",
        fields={
            "restApiId": "",
            "stageName": "",
            "methodPath": "",
            "resourcePath": To("ResourcePath", "verbatim"),
            "verb": To("HttpMethod", "verbatim"),
            "rateLimit": "ThrottlingRateLimit",
            "burstLimit": "ThrottlingBurstLimit",
        },
    ),
    "s3.create_bucket": Row(
        "AWS::S3::Bucket",
        {
            "Bucket": "BucketName",
            "CreateBucketConfiguration.Tags": _TAGS,
            "CreateBucketConfiguration.LocationConstraint": "",
        },
        noun="bucket",
        name="Bucket",
        text="arn:{partition}:s3:::{Bucket}",
        attributes={"Bucket": REF, "text": "Arn"},
        outputs={"{label}_name": REF, "website": "WebsiteURL"},
    ),
    "s3.put_bucket_ownership_controls": Row(
        into="s3.create_bucket",
        by=("Bucket",),
        fields={"Bucket": "", "ExpectedBucketOwner": "", "OwnershipControls": "OwnershipControls"},
    ),
    "s3.put_public_access_block": Row(
        into="s3.create_bucket",
        by=("Bucket",),
        fields={
            "Bucket": "",
            "ExpectedBucketOwner": "",
            "PublicAccessBlockConfiguration": "PublicAccessBlockConfiguration",
        },
    ),
    "s3.put_bucket_website": Row(
        into="s3.create_bucket",
        by=("Bucket",),
        fields={
            "Bucket": "",
            "ExpectedBucketOwner": "",
            "WebsiteConfiguration.IndexDocument.Suffix": "WebsiteConfiguration.IndexDocument",
            "WebsiteConfiguration.ErrorDocument.Key": "WebsiteConfiguration.ErrorDocument",
        },
    ),
    "sagemaker.create_model": Row(
        "AWS::SageMaker::Model",
        {
            "ModelName": "",  # it cannot be changed: without a name, a changed one can take its place
            "PrimaryContainer.Image": To("PrimaryContainer.Image", "verbatim"),  # it is this region's
            "PrimaryContainer.ModelDataUrl": "PrimaryContainer.ModelDataUrl",
            "ExecutionRoleArn": "ExecutionRoleArn",
            "Tags": _TAGS,
        },
        noun="model",
        text="{ModelName}",
        attributes={"text": "ModelName"},
    ),
    "sagemaker.create_endpoint_config": Row(
        "AWS::SageMaker::EndpointConfig",
        {"EndpointConfigName": "", "ProductionVariants": "ProductionVariants", "Tags": _TAGS},
        noun="configuration",
        text="{EndpointConfigName}",
        attributes={"text": "EndpointConfigName"},
    ),
    "sagemaker.create_endpoint": Row(
        "AWS::SageMaker::Endpoint",
        {"EndpointName": "EndpointName", "EndpointConfigName": "EndpointConfigName", "Tags": _TAGS},
        noun="endpoint",
        name="EndpointName",
        text="arn:{partition}:sagemaker:{region}:{account}:endpoint/{EndpointName}",
        attributes={"text": REF},
        after=("logs.create_log_group",),
    ),
    "scheduler.create_schedule_group": Row(
        "AWS::Scheduler::ScheduleGroup",
        {"Name": "Name", "Tags": _TAGS},
        noun="group",
        name="Name",
        attributes={"Name": REF},
    ),
    "scheduler.create_schedule": Row(
        "AWS::Scheduler::Schedule",
        {
            "GroupName": "GroupName",
            "Name": "Name",
            "ActionAfterCompletion": "",  # CloudFormation has no such property
            "FlexibleTimeWindow": "FlexibleTimeWindow",
            "ScheduleExpression": To("ScheduleExpression", "asked"),
            "ScheduleExpressionTimezone": "ScheduleExpressionTimezone",
            "State": "State",
            "Target": "Target",
        },
        noun="schedule",
    ),
}
