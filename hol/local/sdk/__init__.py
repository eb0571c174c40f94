"""The JavaScript SDK that API Gateway generates."""
