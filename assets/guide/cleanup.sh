API_ID=$(aws apigateway get-rest-apis --query "items[?name=='{{api.name}}'].id | [0]" --output text)
aws apigateway delete-rest-api --rest-api-id "$API_ID"
aws lambda delete-function --function-name {{function.name}}
aws iam delete-role-policy --role-name {{role.name}} --policy-name {{policy.name}}
aws iam detach-role-policy --role-name {{role.name}} --policy-arn {{basic_execution_arn}}
aws iam delete-role --role-name {{role.name}}
aws iam delete-policy --policy-arn {{basic_execution_arn}}
aws s3 rb s3://{{bucket.name}} --force
aws logs delete-log-group --log-group-name /aws/lambda/{{function.name}}
rm -r {{site.folder}}
