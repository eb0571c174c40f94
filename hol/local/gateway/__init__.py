"""API Gateway: what the emulator lacks or does otherwise than AWS, control plane and data plane."""
