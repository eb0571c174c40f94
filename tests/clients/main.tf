terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "package" {}
variable "bucket" {}
provider "aws" {
  region                     = "us-east-1"
  skip_requesting_account_id = false
  s3_use_path_style          = true
}
resource "aws_iam_role" "r" {
  name               = "tf-role"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
resource "aws_lambda_function" "f" {
  function_name    = "tf-function"
  role             = aws_iam_role.r.arn
  runtime          = "python3.13"
  handler          = "index.handler"
  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  depends_on       = [aws_iam_role_policy_attachment.basic]
}
resource "aws_api_gateway_rest_api" "a" {
  name = "tf-api"
  endpoint_configuration { types = ["REGIONAL"] }
}
resource "aws_api_gateway_method" "post" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_rest_api.a.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.a.id
  resource_id             = aws_api_gateway_rest_api.a.root_resource_id
  http_method             = aws_api_gateway_method.post.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.f.invoke_arn
}
resource "aws_api_gateway_method" "options" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_rest_api.a.root_resource_id
  http_method   = "OPTIONS"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "options" {
  rest_api_id       = aws_api_gateway_rest_api.a.id
  resource_id       = aws_api_gateway_rest_api.a.root_resource_id
  http_method       = aws_api_gateway_method.options.http_method
  type              = "MOCK"
  request_templates = { "application/json" = "{\"statusCode\": 200}" }
}
resource "aws_api_gateway_method_response" "options" {
  rest_api_id         = aws_api_gateway_rest_api.a.id
  resource_id         = aws_api_gateway_rest_api.a.root_resource_id
  http_method         = aws_api_gateway_method.options.http_method
  status_code         = "200"
  response_parameters = { "method.response.header.Access-Control-Allow-Origin" = false }
}
resource "aws_api_gateway_integration_response" "options" {
  rest_api_id         = aws_api_gateway_rest_api.a.id
  resource_id         = aws_api_gateway_rest_api.a.root_resource_id
  http_method         = aws_api_gateway_method.options.http_method
  status_code         = aws_api_gateway_method_response.options.status_code
  response_parameters = { "method.response.header.Access-Control-Allow-Origin" = "'*'" }
  depends_on          = [aws_api_gateway_integration.options]
}
resource "aws_api_gateway_deployment" "d" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  depends_on  = [aws_api_gateway_integration.post, aws_api_gateway_integration_response.options]
}
resource "aws_api_gateway_stage" "s" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  deployment_id = aws_api_gateway_deployment.d.id
  stage_name    = "prod"
}
resource "aws_lambda_permission" "p" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.a.execution_arn}/*/*"
}
resource "aws_s3_bucket" "b" {
  bucket        = var.bucket
  force_destroy = true
}
resource "aws_s3_bucket_website_configuration" "w" {
  bucket = aws_s3_bucket.b.id
  index_document { suffix = "index.html" }
}
resource "aws_s3_bucket_public_access_block" "p" {
  bucket                  = aws_s3_bucket.b.id
  block_public_acls       = false
  block_public_policy     = false
  ignore_public_acls      = false
  restrict_public_buckets = false
}
resource "aws_s3_bucket_policy" "p" {
  bucket     = aws_s3_bucket.b.id
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.b.arn}/*" }] })
  depends_on = [aws_s3_bucket_public_access_block.p]
}
resource "aws_s3_object" "i" {
  bucket       = aws_s3_bucket.b.id
  key          = "index.html"
  content      = "<p>hello</p>"
  content_type = "text/html"
}
resource "aws_cloudwatch_log_group" "g" {
  name              = "/aws/lambda/tf-function"
  retention_in_days = 7
}
output "api" { value = aws_api_gateway_rest_api.a.id }
