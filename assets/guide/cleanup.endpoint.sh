CONFIG=$(aws sagemaker describe-endpoint --endpoint-name {{endpoint.name}} --query EndpointConfigName --output text)
MODEL=$(aws sagemaker describe-endpoint-config --endpoint-config-name "$CONFIG" --query 'ProductionVariants[0].ModelName' --output text)
aws sagemaker delete-endpoint --endpoint-name {{endpoint.name}}
aws sagemaker wait endpoint-deleted --endpoint-name {{endpoint.name}}
aws sagemaker delete-endpoint-config --endpoint-config-name "$CONFIG"
aws sagemaker delete-model --model-name "$MODEL"
aws iam delete-role-policy --role-name {{endpoint.role}} --policy-name read-model-archive
aws iam delete-role --role-name {{endpoint.role}}
aws s3 rb s3://{{endpoint.bucket}} --force
aws logs delete-log-group --log-group-name /aws/sagemaker/Endpoints/{{endpoint.name}}
