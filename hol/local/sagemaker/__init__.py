"""SageMaker: models, endpoint configurations, endpoints, and the fastText model that answers."""
